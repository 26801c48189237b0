import { oneLine } from '../log/oneLine.ts';
import { formatTime } from '../text/formatTime.ts';
import { Markdown } from './Markdown.ts';

/** When something went on, in milliseconds since the beginning. */
export interface Bar {
  readonly name: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly durationMs: number;
  readonly state: 'done' | 'cached' | 'failed';
}

export interface Section {
  readonly name: string;
  readonly bars: readonly Bar[];
}

const longestName = 48;

/** What Mermaid calls a bar's colour; one that has no word is drawn as what goes on. */
const words: Readonly<Record<Bar['state'], string>> = {
  done: 'active',
  cached: 'done',
  failed: 'crit',
};

/**
 * A diagram of times that GitHub draws (Mermaid's gantt); `undefined` when there is none.
 * Mermaid has no escapes that hold everywhere, so a name keeps only what is no syntax of its own, and
 * stands behind a time of ours, so that no word of it begins a line.
 */
export function gantt(sections: readonly Section[]): Markdown | undefined {
  const bars = sections.flatMap((section) => section.bars);
  if (bars.length === 0) return undefined;
  const end = Math.max(...bars.map(({ toMs }) => toMs));
  const lines = sections.flatMap((section) => [
    `  section ${asWords(section.name)}`,
    ...section.bars.map(({ name, fromMs, toMs, durationMs, state }) => {
      // A bar of no width is not drawn.
      const to = Math.max(toMs, fromMs + Math.ceil(end / 200), fromMs + 1);
      const said = state === 'cached' ? 'cached' : formatTime(durationMs);
      return `  ${said} ${asWords(name)} :${words[state]}, ${Math.round(fromMs)}, ${Math.round(to)}`;
    }),
  ]);
  // Hours and minutes would be those of the reader's time zone.
  const axis = end < 10_000 ? '%Q ms' : '%s s';
  return new Markdown(
    ['```mermaid', 'gantt', '  dateFormat x', `  axisFormat ${axis}`, ...lines, '```'].join('\n'),
  );
}

function asWords(text: string): string {
  const kept = oneLine(text, 500)
    .replace(/sha256:([0-9a-f]{8})[0-9a-f]{56}/g, '$1')
    .replace(/[^\p{L}\p{N} ._/=+>()-]/gu, ' ')
    .replace(/--+>?/g, '-')
    .replace(/\s+/g, ' ')
    .trim();
  return oneLine(kept, longestName) || 'unnamed';
}
