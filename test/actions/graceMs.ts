import type { ShotSignal } from '../lab/faults/sampleShots.ts';

/**
 * How long a step has from each signal until the runner ends it: a cancelled job gets SIGINT, after
 * 7.5 s SIGTERM, and 2.5 s later the kill of all its processes.
 */
export const graceMs: Readonly<Record<ShotSignal, number>> = {
  SIGINT: 7500,
  SIGTERM: 2500,
  SIGKILL: 2500,
  cancel: 10_000,
};
