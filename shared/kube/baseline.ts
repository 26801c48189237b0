import { workloadsOf } from './rollout.ts';
import type { Snapshot } from './Snapshot.ts';

/** The workloads that were there before a change: generation by uid. */
export type Baseline = ReadonlyMap<string, number>;

/** What a release's workloads were before a change, so that old trouble is told from new. */
export function baselineOf(snapshot: Snapshot, release: string): Baseline {
  return new Map(workloadsOf(snapshot, release).map(({ uid, generation }) => [uid, generation]));
}
