import type { Measure } from './readMeasures.ts';

export interface Choice {
  readonly kept: readonly Measure[];
  /** Whole, so that no tool finds half of its cache. */
  readonly leftOut: readonly Measure[];
}

/** Which mounts fit together under the limit: the largest go first, since they leave room for most others. */
export function chooseKept(measures: readonly Measure[], limitBytes: number): Choice {
  const smallestFirst = [...measures].sort((a, b) => a.bytes - b.bytes || (a.key < b.key ? -1 : 1));
  const kept: Measure[] = [];
  const leftOut: Measure[] = [];
  let total = 0;
  for (const measure of smallestFirst) {
    total += measure.bytes;
    (total <= limitBytes ? kept : leftOut).push(measure);
  }
  return { kept, leftOut };
}
