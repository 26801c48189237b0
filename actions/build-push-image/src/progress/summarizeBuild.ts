import { oneLine } from '../../../../shared/log/oneLine.ts';
import { formatReference, type Reference } from '../../../../shared/oci/Reference.ts';
import { blocks, code, link, Markdown, md } from '../../../../shared/report/Markdown.ts';
import { type Row, table } from '../../../../shared/report/table.ts';
import type { BuildProgress, BuildWarning, Step } from './BuildProgress.ts';
import type { BaseFacts } from './baseFacts.ts';
import { cacheHitRatio } from './cacheHitRatio.ts';
import { formatAge } from './formatAge.ts';
import { formatBytes } from './formatBytes.ts';
import { formatTime } from './formatTime.ts';
import { gantt } from './gantt.ts';
import type { ImageFacts } from './imageFacts.ts';
import { sizeChange, sizeOf } from './sizeChange.ts';
import { timeline } from './timeline.ts';

const mostTags = 50;
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

function factRows(build: BuildFacts, now: number): Row[] {
  const { digest, reference, tags, facts, before, progress, durationMs } = build;
  const rows: [string, Markdown | string | undefined][] = [
    ['Digest', code(digest)],
    ['Reference', reference === undefined ? undefined : code(reference)],
    ['Tags', tags.length === 0 ? undefined : tagList(tags)],
    ['Platforms', facts?.platforms.map(({ platform }) => platform).join(', ')],
    ['Size', facts && sizeText(facts, before)],
    ['Layers', facts && layersText(facts)],
    ['Made', build.built ? undefined : age(facts, now)],
    ['Attestations', facts && (facts.attestations.join(', ') || 'none')],
    ['Cache', progress && cacheText(progress.steps)],
    ['Time', formatTime(durationMs)],
  ];
  return rows.flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [[md`${name}`, md`${value}`]],
  );
}

function tagList(tags: readonly string[]): Markdown {
  const shown = tags.slice(0, mostTags).map((tag) => code(tag).text);
  if (tags.length > mostTags) shown.push(`${tags.length - mostTags} more`);
  return new Markdown(shown.join('<br>'));
}

function sizeText(facts: ImageFacts, before: BuildFacts['before']): string {
  const change = before && sizeChange(facts, before.facts);
  const each =
    facts.platforms.length < 2
      ? ''
      : `: ${facts.platforms.map(({ platform, bytes }) => `${platform} ${formatBytes(bytes)}`).join(', ')}`;
  const against = change === undefined ? '' : `, ${change} against ${before?.name}`;
  return `${formatBytes(sizeOf(facts))} compressed${against}${each}`;
}

function layersText({ platforms }: ImageFacts): string {
  return [...new Set(platforms.map(({ layers }) => layers))].join(', ');
}

function age(facts: ImageFacts | undefined, now: number): string | undefined {
  const at = facts?.platforms[0]?.createdAt;
  return at === undefined ? undefined : ago(formatAge(at, now));
}

function ago(text: string): string {
  return text === 'today' ? text : `${text} ago`;
}

function cacheText(steps: readonly Step[]): string | undefined {
  const ratio = cacheHitRatio(steps);
  return ratio === undefined ? undefined : `${Math.round(ratio * 100)} % of the steps were cached`;
}

function picture(steps: readonly Step[]): (Markdown | undefined)[] {
  const { sections, left } = timeline(steps);
  const diagram = gantt(sections);
  if (diagram === undefined) return [];
  const more = left === 0 ? undefined : md`${left} shorter steps are not shown.`;
  return [md`<details open><summary>Times of the stages</summary>`, diagram, more, md`</details>`];
}

function baseTable(bases: readonly BaseFacts[], now: number): Markdown | undefined {
  if (bases.length === 0) return undefined;
  const rows = bases.map((base) => {
    const { registry, repository, tag } = base.written;
    const name = formatReference({ registry, repository, ...(tag !== undefined && { tag }) });
    const made = base.createdAt === undefined ? 'unknown' : ago(formatAge(base.createdAt, now));
    return [code(name), code(base.digest ?? 'unknown'), md`${made}`, remark(base)];
  });
  const unpinned = bases.some(({ pinned }) => !pinned);
  return blocks(
    table([md`Base image`, md`Digest`, md`Made`, md``], rows),
    unpinned
      ? md`A base is pinned by its digest: ${code('FROM name:tag@digest')}. Without it another build may get another image.`
      : undefined,
  );
}

function remark({ digest, pinned, tagMeans }: BaseFacts): Markdown {
  if (!pinned) return md`⚠️ not pinned`;
  if (tagMeans === undefined || tagMeans === digest) return md`pinned`;
  return md`⚠️ its tag now means ${code(tagMeans)}`;
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
