import { logIn } from '../../../../shared/action/login/logIn.ts';
import type { Runner } from '../../../../shared/action/Runner.ts';
import { mergeDigests } from '../../../../shared/oci/mergeDigests.ts';
import { formatReference, pin } from '../../../../shared/oci/Reference.ts';
import { blocks, code, md } from '../../../../shared/report/Markdown.ts';
import { table } from '../../../../shared/report/table.ts';
import { afterPush } from '../afterPush.ts';
import { outputNames, outputReference } from '../nameOutputs.ts';
import type { MergeInputs } from '../options/readMerge.ts';
import { codeList } from '../progress/codeList.ts';
import { registryClient } from '../registryClient.ts';
import { hasNoRight } from './hasNoRight.ts';

/** Makes one image of several platforms of what parallel jobs have built, and hands on its digest. */
export async function merge(inputs: MergeInputs, runner: Runner): Promise<void> {
  const { metadata, digests, name, event } = inputs;
  const { tags } = metadata;
  if (name === undefined || hasNoRight('Nothing is merged', event, runner)) return;
  await using login = await logIn(inputs.login, runner, { pushes: tags });
  const client = registryClient(login, runner);
  const { log, signal } = runner;
  const annotations = ofIndex(metadata.annotations);
  const merged = await mergeDigests({
    ...{ digests, references: tags, client, log, annotations, signal },
  });
  const reference = pin(name, merged.digest);
  outputReference(reference, runner);
  outputNames(metadata, runner);
  const warnings = await afterPush(reference, tags, client, runner);
  const summary = blocks(
    md`### Image ${code(`${name.registry}/${name.repository}`)} merged`,
    ...warnings.map((text) => md`⚠️ ${text}`),
    table(
      [md``, md``],
      [
        [md`Digest`, code(merged.digest)],
        [md`Reference`, code(formatReference(reference))],
        [md`Tags`, codeList(tags.map(formatReference))],
        [md`Platforms`, md`${merged.platforms.join(', ')}`],
        [md`Made of`, codeList(digests.map(formatReference))],
      ],
    ),
  );
  await runner.summary(summary.text);
}

/** What buildx would put on the index; the images keep what they were built with. */
export function ofIndex(annotations: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    annotations.flatMap((annotation) => {
      const [, levels = '', key = '', value = ''] =
        /^([\w,-]+(?:\[[^\]]*\])?):([^=]+)=(.*)$/s.exec(annotation) ?? [];
      return levels.split(',').includes('index') ? [[key, value]] : [];
    }),
  );
}
