import { type LoggedIn, logIn } from '../../../../shared/action/login/logIn.ts';
import type { Runner } from '../../../../shared/action/Runner.ts';
import { type CopiedManifest, copyImage } from '../../../../shared/oci/copyImage.ts';
import { formatReference, pin, type Reference } from '../../../../shared/oci/Reference.ts';
import { blocks, code, type Markdown, md } from '../../../../shared/report/Markdown.ts';
import { table } from '../../../../shared/report/table.ts';
import { afterPush } from '../afterPush.ts';
import { outputNames, outputReference } from '../nameOutputs.ts';
import type { PromoteInputs } from '../options/readPromote.ts';
import { codeList } from '../progress/codeList.ts';
import { formatBytes } from '../progress/formatBytes.ts';
import { registryClient } from '../registryClient.ts';
import { hasNoRight } from './hasNoRight.ts';

/** What was copied to one repository, as far as it went. */
interface Copy {
  readonly to: Reference;
  readonly tags: readonly Reference[];
  readonly copied: CopiedManifest[];
  sentBytes?: number;
}

/** Copies a digest, with all that is attached to it, to where it is released from, and tags it there. */
export async function promote(inputs: PromoteInputs, runner: Runner): Promise<void> {
  const { from, metadata, name, event } = inputs;
  if (name === undefined || hasNoRight('Nothing is promoted', event, runner)) return;
  await using login = await logIn(inputs.login, runner, { pushes: metadata.tags });
  const client = registryClient(login, runner);
  const copies = byRepository(metadata.tags);
  const reference = pin(name, from.digest);
  const warnings: string[] = [];
  try {
    for (const copy of copies) {
      await bringByAcr(copy.to, inputs, login, runner);
      await make(copy, inputs, client, runner);
    }
    outputReference(reference, runner);
    outputNames(metadata, runner);
    warnings.push(...(await afterPush(reference, metadata.tags, client, runner)));
  } finally {
    await runner.summary(summarize(inputs, copies, warnings).text);
  }
}

/**
 * Has ACR itself bring the image, where that is wanted. What it did is seen when the rest is copied:
 * only what is missing then goes through this runner, such as what is attached.
 */
async function bringByAcr(
  to: Reference,
  { from, byAcr, name }: PromoteInputs,
  login: LoggedIn,
  runner: Runner,
): Promise<void> {
  if (byAcr === undefined || to.registry !== name?.registry) return;
  const { importByAcr } = await import('../tasks/importByAcr.ts');
  await importByAcr({ from, to, wish: byAcr, login }, runner);
}

async function make(
  copy: Copy,
  { from }: PromoteInputs,
  client: ReturnType<typeof registryClient>,
  { log, signal }: Runner,
): Promise<void> {
  const { to, copied } = copy;
  const tags = copy.tags.flatMap(({ tag }) => tag ?? []);
  const { sentBytes } = await copyImage({
    ...{ from, to, tags, source: client, target: client, log, signal },
    onCopied: (one) => void copied.push(one),
  });
  copy.sentBytes = sentBytes;
  const attached = copied.filter(({ kind }) => kind === 'referrer').length;
  log.info(
    `Copied ${formatReference(from)} to ${to.registry}/${to.repository}, ${attached} attached to it: ${formatBytes(sentBytes)} sent.`,
  );
}

function byRepository(tags: readonly Reference[]): readonly Copy[] {
  const groups = Map.groupBy(tags, ({ registry, repository }) => `${registry}/${repository}`);
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { registry, repository } = first;
    return [{ to: { registry, repository }, tags: group, copied: [] }];
  });
}

function summarize(
  { from, name }: PromoteInputs,
  copies: readonly Copy[],
  warnings: readonly string[],
): Markdown {
  const done = copies.every(({ sentBytes }) => sentBytes !== undefined);
  return blocks(
    md`### Image ${code(`${name?.registry}/${name?.repository}`)} ${done ? 'promoted' : 'not promoted'}`,
    md`From ${code(formatReference(from))}.`,
    ...warnings.map((text) => md`⚠️ ${text}`),
    ...copies.map(({ to, tags, copied, sentBytes }) =>
      blocks(
        md`#### ${code(`${to.registry}/${to.repository}`)}`,
        sentBytes === undefined
          ? md`❌ It ended early, and no tag was set that is not named in the log.`
          : md`${formatBytes(sentBytes)} sent.`,
        sentBytes === undefined ? undefined : codeList(tags.map(formatReference)),
        copied.length === 0 ? md`Nothing was copied.` : manifestTable(copied),
      ),
    ),
  );
}

function manifestTable(copied: readonly CopiedManifest[]): Markdown {
  return table(
    [md`Copied`, md`What it is`, md``],
    copied.map(({ digest, kind, artifactType, outcome }) => [
      code(digest),
      kind === 'image' ? md`image` : md`attached ${code(artifactType ?? '')}`,
      md`${outcome === 'there' ? 'was there' : 'sent'}`,
    ]),
  );
}
