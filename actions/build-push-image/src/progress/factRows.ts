import { code, type Markdown, md } from '../../../../shared/report/Markdown.ts';
import type { Row } from '../../../../shared/report/table.ts';
import { formatTime } from '../../../../shared/text/formatTime.ts';
import { ago } from './ago.ts';
import type { Step } from './BuildProgress.ts';
import { cacheHitRatio } from './cacheHitRatio.ts';
import { codeList } from './codeList.ts';
import { formatBytes } from './formatBytes.ts';
import type { ImageFacts } from './imageFacts.ts';
import { sizeChange, sizeOf } from './sizeChange.ts';
import type { BuildFacts } from './summarizeBuild.ts';

/** The last layers are what this build put on its base. */
const mostLayers = 12;

/** The rows of what is known of an image. */
export function factRows(build: BuildFacts, now: number): Row[] {
  const { digest, reference, tags, facts, before, progress, durationMs } = build;
  const rows: [string, Markdown | string | undefined][] = [
    ['Digest', code(digest)],
    ['Reference', reference === undefined ? undefined : code(reference)],
    ['Tags', tags.length === 0 ? undefined : codeList(tags)],
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

function sizeText(facts: ImageFacts, before: BuildFacts['before']): string {
  const change = before && sizeChange(facts, before.facts);
  const each =
    facts.platforms.length < 2
      ? ''
      : `: ${facts.platforms.map(({ platform, bytes }) => `${platform} ${formatBytes(bytes)}`).join(', ')}`;
  const against = change === undefined ? '' : `, ${change} against ${before?.name}`;
  return `${formatBytes(sizeOf(facts))} compressed${against}${each}`;
}

/** Those of the first platform; the others are made by the same instructions. */
function layersText({ platforms }: ImageFacts): string {
  const layers = platforms[0]?.layers ?? [];
  const sizes = layers.slice(-mostLayers).map(formatBytes).join(', ');
  return `${layers.length}: ${layers.length > mostLayers ? '… ' : ''}${sizes}`;
}

function age(facts: ImageFacts | undefined, now: number): string | undefined {
  const at = facts?.platforms[0]?.createdAt;
  return at === undefined ? undefined : ago(at, now);
}

function cacheText(steps: readonly Step[]): string | undefined {
  const ratio = cacheHitRatio(steps);
  return ratio === undefined ? undefined : `${Math.round(ratio * 100)} % of the steps were cached`;
}
