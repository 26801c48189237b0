import { oneLine } from '../../../../shared/log/oneLine.ts';
import { formatTime } from '../../../../shared/text/formatTime.ts';
import type { Step } from './BuildProgress.ts';

/** The cause stands at the end of an error. */
const longestError = 500;

/** Under which heading the log is folded. */
export function groupOf({ kind, group, stage, position }: Step): string {
  const words = group.split(' ').filter((word) => word !== '' && word !== 'internal');
  const others = (position === undefined ? words : words.filter((word) => word !== stage)).join(
    ', ',
  );
  const detail = others === '' ? '' : ` (${oneLine(others, 100)})`;
  if (kind === 'export') return `Export and push${detail}`;
  if (kind === 'cache') return 'Cache';
  if (position === undefined) return 'Prepare';
  return `${stage === undefined ? 'Dockerfile' : `Stage ${oneLine(stage.replace(/^stage-(?=\d+$)/, ''), 100)}`}${detail}`;
}

/** Such as `[build 2/5] RUN npm ci`. */
export function headOf(step: Step): string {
  return [nameOf(step), oneLine(step.text)].filter((part) => part !== '').join(' ');
}

/** Such as `[build 2/5]`; the whole of what has no number. */
export function shortNameOf(step: Step): string {
  return step.position === undefined ? headOf(step) : nameOf(step);
}

/** How a step ended: `cached`, its time, or that it failed. */
export function endOf({ cached, durationMs, error }: Step): string {
  if (error === undefined) return cached ? 'cached' : formatTime(durationMs);
  // What a command printed says more than that it failed; buildx repeats that at the end.
  const why = error.startsWith('process "') ? '' : `: ${oneLine(error, longestError)}`;
  return `failed after ${formatTime(durationMs)}${why}`;
}

function nameOf({ group, position }: Step): string {
  const inside = [group, position].filter((part) => part !== undefined && part !== '').join(' ');
  return inside === '' ? '' : `[${oneLine(inside)}]`;
}
