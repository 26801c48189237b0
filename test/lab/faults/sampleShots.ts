import { figure } from '../figure.ts';
import { shuffled } from './shuffled.ts';

/**
 * How a step is ended: by one signal, or (`cancel`) as GitHub's runner cancels a job: SIGINT,
 * SIGTERM after 7.5 s, the kill of all its processes 2.5 s later.
 */
export type ShotSignal = 'SIGINT' | 'SIGTERM' | 'SIGKILL' | 'cancel';

export interface Shot {
  readonly signal: ShotSignal;
  /** After the start. */
  readonly afterMs: number;
}

export interface ShotPlan {
  /** The same seed takes the same sample. */
  readonly seed: number;
  /** How many shots the sample has. */
  readonly count: number;
  readonly untilMs: number;
  readonly everyMs: number;
  readonly signals?: readonly ShotSignal[];
  /** Whether all are taken; by default as PLATFORM_ACTIONS_FULL=1 (`npm run test:full`) says. */
  readonly full?: boolean;
  /** Where the sample is shown. */
  readonly print?: (line: string) => void;
}

/**
 * The shots of a sweep: each signal after each `everyMs`, from 0 to `untilMs`. `npm test` takes a
 * sample of them, which it shows, `npm run test:full` all.
 */
export function sampleShots({
  seed,
  count,
  untilMs,
  everyMs,
  signals = ['SIGINT', 'SIGTERM', 'SIGKILL'],
  full = process.env.PLATFORM_ACTIONS_FULL === '1',
  print = figure,
}: ShotPlan): readonly Shot[] {
  const moments = Array.from(
    { length: Math.floor(untilMs / everyMs) + 1 },
    (_, index) => index * everyMs,
  );
  const all = moments.flatMap((afterMs) => signals.map((signal) => ({ signal, afterMs })));
  if (full || count >= all.length) {
    print(`sweep: all ${all.length} shots, every ${everyMs} ms until ${untilMs} ms`);
    return all;
  }
  const taken = new Set(shuffled(all, seed).slice(0, count));
  const sample = all.filter((shot) => taken.has(shot));
  const shown = sample.map(({ signal, afterMs }) => `${signal}@${afterMs}`).join(' ');
  print(`sweep: ${count} of ${all.length} shots (seed ${seed}): ${shown}`);
  return sample;
}
