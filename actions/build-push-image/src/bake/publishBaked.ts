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
import { sourceOf } from '../progress/sourceOf.ts';
import { summarizeBuild } from '../progress/summarizeBuild.ts';
import type { BakedTarget } from './BakedTarget.ts';

/** More targets than these are told by their row of the table alone. */
const mostInFull = 8;

/** Writes the rest of the outputs, and the summary, of a build of several targets. */
export async function publishBaked(
  baked: readonly BakedTarget[],
  { progress, metadata }: { readonly progress: BuildProgress; readonly metadata: string },
  registry: RegistryClient,
  runner: Runner,
): Promise<void> {
  runner.output('metadata', metadata);
  runner.output('built', String(baked.some(({ built }) => built)));
  const ratio = cacheHitRatio(progress.steps);
  if (ratio !== undefined) runner.output('cache-hit-ratio', ratio.toString());

  const shown = baked.slice(0, mostInFull);
  const parts = await Promise.all(baked.map((target) => tell(target, progress, registry, runner)));
  const more = baked.length > 1 ? overview(baked, progress) : undefined;
  await runner.summary(blocks(more, ...parts.slice(0, shown.length)).text);
}

/** Writes what images there are by now, as far as they are known: it stands whatever happens next. */
export function handOnBaked(
  baked: readonly BakedTarget[],
  { output }: Pick<Runner, 'output'>,
): void {
  const [first, second] = baked;
  if (second === undefined && first?.reference !== undefined) {
    outputReference(first.reference, { output });
  } else if (second === undefined && first?.digest !== undefined) {
    output('digest', first.digest);
  }
  output('tags', baked.flatMap(({ tags }) => tags.map(formatReference)).join('\n'));
  output('json', JSON.stringify(Object.fromEntries(baked.flatMap(entry))));
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
      target.built ? md`${ratio === undefined ? '' : `${Math.round(ratio * 100)} %`}` : md`found`,
    ];
  });
  const found = baked.filter(({ built }) => !built).length;
  const did = [
    ...(found < baked.length ? [`${baked.length - found} targets built`] : []),
    ...(found > 0 ? [`${found} found`] : []),
  ];
  return blocks(
    md`### ${did.join(', ').replace(/^1 targets/, '1 target')}`,
    table([md`Target`, md`Image`, md`Tags`, md`Cached`], rows),
  );
}

async function tell(
  { name, tags, digest, reference, built, because, manifest }: BakedTarget,
  progress: BuildProgress,
  registry: RegistryClient,
  runner: Runner,
): Promise<Markdown | undefined> {
  const what = reference ? formatReference(reference) : (digest ?? 'built');
  runner.log.info(`${name}: ${what}. ${because}`.trimEnd());
  if (digest === undefined) return undefined;
  const own = ofTarget(progress, name);
  // What was found was tagged a moment ago; a build takes longer.
  const warnings = reference && (await afterPush(reference, built ? tags : [], registry, runner));
  const source = sourceOf(manifest, registry);
  const facts = reference && (await ifKnown(imageFacts(reference, source), patience()));
  return summarizeBuild({
    image: tags[0] ?? nameless(name),
    ...{ digest, facts, warnings },
    reference: reference && formatReference(reference),
    tags: reference ? tags.map(formatReference) : [],
    built,
    reason: because || undefined,
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
