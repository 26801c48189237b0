import type { Workload } from './readiness/Workload.ts';
import { workloadsOf } from './rollout.ts';
import type { Snapshot } from './Snapshot.ts';

/** What an object was before a change. */
export interface Before {
  readonly generation: number;
  readonly done: boolean;
}

/** The objects that were there before a change, by uid. */
export type Baseline = ReadonlyMap<string, Before>;

/** What a release's objects were before a change, so that old trouble is told from new. */
export function baselineOf(snapshot: Snapshot, release: string): Baseline {
  return new Map(
    workloadsOf(snapshot, release).map(({ uid, generation, done }) => [uid, { generation, done }]),
  );
}

/** Whether the change did not touch it, as far as its controller has seen it. */
export function isUnchanged({ uid, generation }: Workload, before: Baseline): boolean {
  return before.get(uid)?.generation === generation;
}

/**
 * What of a release is still awaited: not its hooks, which Helm awaits, and not what was no more
 * ready before the change, and is none of its business.
 */
export function awaited(snapshot: Snapshot, release: string, before: Baseline): Workload[] {
  return workloadsOf(snapshot, release).filter(
    (workload) =>
      !workload.done &&
      !workload.hook &&
      !(isUnchanged(workload, before) && before.get(workload.uid)?.done === false),
  );
}
