import { oneLine } from '../../../../shared/log/oneLine.ts';
import type { Reference } from '../../../../shared/oci/Reference.ts';
import { gantt } from '../../../../shared/report/gantt.ts';
import { blocks, code, link, type Markdown, md } from '../../../../shared/report/Markdown.ts';
import { table } from '../../../../shared/report/table.ts';
import type { BuildProgress, BuildWarning, Step } from './BuildProgress.ts';
import type { BaseFacts } from './baseFacts.ts';
import { baseTable } from './baseTable.ts';
import { factRows } from './factRows.ts';
import type { ImageFacts } from './imageFacts.ts';
import { timeline } from './timeline.ts';

/** The cause stands at the end of an error. */
const longestError = 500;

/** What is told about one image. All that is not known is left out. */
export interface BuildFacts {
  readonly image: Reference;
  readonly digest: string;
  /** `name@digest`; `undefined` without a push. */
  readonly reference: string | undefined;
  /** The full names with tags. */
  readonly tags: readonly string[];
  /** False when an image of the same inputs was found. */
  readonly built: boolean;
  /** Why it was built, or what was found, in a sentence. */
  readonly reason?: string | undefined;
  readonly durationMs: number;
  /** What the registry tells of the image. */
  readonly facts?: ImageFacts | undefined;
  /** What it told of the last one of the branch. */
  readonly before?: { readonly name: string; readonly facts: ImageFacts } | undefined;
  readonly progress?: BuildProgress | undefined;
  readonly bases?: readonly BaseFacts[] | undefined;
  /** What else was said to be wrong, one sentence or two each. */
  readonly warnings?: readonly string[] | undefined;
}

/** The job summary of one image. */
export function summarizeBuild(build: BuildFacts, now = Date.now()): Markdown {
  const { image, reference, built, reason, progress, bases = [], warnings = [] } = build;
  const { registry, repository } = image;
  const pushed = reference !== undefined;
  const did = built
    ? pushed
      ? 'built and pushed'
      : 'built, not pushed'
    : 'found, not built again';
  return blocks(
    md`### Image ${code(`${registry}/${repository}`)} ${did}`,
    reason === undefined ? undefined : md`${reason}`,
    ...[...warnings, ...cacheTroubles(progress?.steps ?? [])].map((text) => md`⚠️ ${text}`),
    table([md``, md``], factRows(build, now)),
    ...picture(progress?.steps ?? []),
    baseTable(bases, now),
    warningTable(progress),
  );
}

function picture(steps: readonly Step[]): (Markdown | undefined)[] {
  const { sections, left } = timeline(steps);
  const diagram = gantt(sections);
  if (diagram === undefined) return [];
  const more = left === 0 ? undefined : md`${left} shorter steps are not shown.`;
  return [md`<details open><summary>Times of the stages</summary>`, diagram, more, md`</details>`];
}

function warningTable(progress: BuildProgress | undefined): Markdown | undefined {
  if (progress === undefined || progress.warnings.length === 0) return undefined;
  const { warnings, moreWarnings } = progress;
  const rows = warnings.map(({ rule, text, url, line }: BuildWarning) => [
    link(code(rule ?? 'warning'), url),
    md`${line === undefined ? '' : `line ${line}`}`,
    md`${oneLine(text, 500)}`,
  ]);
  return blocks(
    table([md`Build check`, md`Dockerfile`, md`What it says`], rows),
    moreWarnings === 0 ? undefined : md`${moreWarnings} more are not listed.`,
  );
}

/** A cache that is not there yet is no trouble. */
function cacheTroubles(steps: readonly Step[]): readonly string[] {
  return steps
    .filter(({ kind, error }) => kind === 'cache' && error !== undefined)
    .filter(({ text, error }) => !(text.startsWith('importing') && /not found$/.test(error ?? '')))
    .map(({ text, error }) => `${oneLine(text)} failed: ${oneLine(error ?? '', longestError)}`);
}
