import type { Runner } from '../../../../shared/action/Runner.ts';
import { formatReference, type Reference } from '../../../../shared/oci/Reference.ts';
import type { RegistryClient } from '../../../../shared/oci/RegistryClient.ts';
import { blocks, code, type Markdown, md } from '../../../../shared/report/Markdown.ts';
import { table } from '../../../../shared/report/table.ts';
import { afterPush } from '../afterPush.ts';
import { outputReference } from '../nameOutputs.ts';
import type { BuildProgress } from '../progress/BuildProgress.ts';
import { cacheHitRatio } from '../progress/cacheHitRatio.ts';
import { codeList } from '../progress/codeList.ts';
import { ifKnown, patience } from '../progress/ifKnown.ts';
import { imageFacts } from '../progress/imageFacts.ts';
import { ofTarget } from '../progress/ofTarget.ts';
import { summarizeBuild } from '../progress/summarizeBuild.ts';
import type { BakedTarget } from './BakedTarget.ts';

/** More targets than these are told by their row of the table alone. */
const mostInFull = 8;

/** Writes the outputs and the summary of a build of several targets. */
export async function publishBaked(
  baked: readonly BakedTarget[],
  { progress, metadata }: { readonly progress: BuildProgress; readonly metadata: string },
  registry: RegistryClient,
  runner: Runner,
): Promise<void> {
  const [first, second] = baked;
  if (second === undefined && first?.reference !== undefined) {
    outputReference(first.reference, runner);
  } else if (second === undefined && first?.digest !== undefined) {
    runner.output('digest', first.digest);
  }
  const tags = baked.flatMap((target) => target.tags.map(formatReference));
  runner.output('tags', tags.join('\n'));
  runner.output('metadata', metadata);
  runner.output('json', JSON.stringify(Object.fromEntries(baked.flatMap(entry))));
  runner.output('built', 'true');
  const ratio = cacheHitRatio(progress.steps);
  if (ratio !== undefined) runner.output('cache-hit-ratio', ratio.toString());

  const shown = baked.slice(0, mostInFull);
  const parts = await Promise.all(baked.map((target) => tell(target, progress, registry, runner)));
  const more = baked.length > 1 ? overview(baked, progress) : undefined;
  await runner.summary(blocks(more, ...parts.slice(0, shown.length)).text);
}

/** `name@digest` by target; the digest alone where it was not pushed. */
function entry({ name, digest, reference }: BakedTarget): [string, string][] {
  if (reference !== undefined) return [[name, formatReference(reference)]];
  return digest === undefined ? [] : [[name, digest]];
}

function overview(baked: readonly BakedTarget[], progress: BuildProgress): Markdown {
  const rows = baked.map((target) => {
    const ratio = cacheHitRatio(ofTarget(progress, target.name).steps);
    return [
      code(target.name),
      code(entry(target)[0]?.[1] ?? ''),
      codeList(target.tags.map(formatReference)),
      md`${ratio === undefined ? '' : `${Math.round(ratio * 100)} %`}`,
    ];
  });
  return blocks(
    md`### ${baked.length} targets built`,
    table([md`Target`, md`Image`, md`Tags`, md`Cached`], rows),
  );
}

async function tell(
  { name, tags, digest, reference }: BakedTarget,
  progress: BuildProgress,
  registry: RegistryClient,
  runner: Runner,
): Promise<Markdown | undefined> {
  runner.log.info(`${name}: ${reference ? formatReference(reference) : (digest ?? 'built')}`);
  if (digest === undefined) return undefined;
  const own = ofTarget(progress, name);
  const warnings = reference && (await afterPush(reference, tags, registry, runner));
  const facts = reference && (await ifKnown(imageFacts(reference, registry), patience()));
  return summarizeBuild({
    image: tags[0] ?? nameless(name),
    ...{ digest, facts, warnings },
    reference: reference && formatReference(reference),
    tags: reference ? tags.map(formatReference) : [],
    built: true,
    durationMs: timeOf(own),
    progress: own,
  });
}

function nameless(target: string): Reference {
  return { registry: 'target', repository: target };
}

function timeOf({ steps }: BuildProgress): number {
  const starts = steps.flatMap(({ startedAt }) => startedAt ?? []);
  const ends = steps.flatMap(({ endedAt }) => endedAt ?? []);
  return starts.length === 0 || ends.length === 0 ? 0 : Math.max(...ends) - Math.min(...starts);
}
