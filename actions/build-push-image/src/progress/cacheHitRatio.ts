import type { Step } from './BuildProgress.ts';

/**
 * How much of the Dockerfile's work the cache saved: cached instructions of all that are done, from 0
 * to 1, with two decimals. `FROM` is no work. `undefined` when there was none.
 */
export function cacheHitRatio(steps: readonly Step[]): number | undefined {
  const done = steps.filter(
    ({ kind, endedAt, error }) => kind === 'instruction' && endedAt !== undefined && !error,
  );
  if (done.length === 0) return undefined;
  const cached = done.filter((step) => step.cached).length;
  return Math.round((100 * cached) / done.length) / 100;
}
