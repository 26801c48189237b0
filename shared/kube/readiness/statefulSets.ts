import type { V1StatefulSet } from '@kubernetes/client-node';
import type { Snapshot } from '../Snapshot.ts';
import { identity, isObserved, ofRelease, ownedBy, type Workload } from './Workload.ts';

/**
 * Ready when all pods are, and so many of them are of the present revision as its update strategy
 * wants: those from the partition on; with OnDelete none, since people replace them.
 */
export function statefulSets(snapshot: Snapshot, release: string): Workload[] {
  return ofRelease(snapshot.statefulSets, release).map((set) => {
    const { metadata, spec, status } = set;
    const desired = spec?.replicas ?? 1;
    const observed = isObserved(set);
    const running =
      (spec?.minReadySeconds ? status?.availableReplicas : status?.readyReplicas) ?? 0;
    const kept = Math.min(desired, keptBefore(set));
    const updated = Math.min(desired, (status?.updatedReplicas ?? 0) + kept);
    const ready = observed ? Math.min(updated, running) : 0;
    return {
      ...identity('StatefulSet', metadata),
      ...{ desired, ready, replicaSet: undefined },
      done: ready >= desired,
      pods: ownedBy(snapshot.pods, metadata?.uid).filter(
        (pod) =>
          observed && pod.metadata?.labels?.['controller-revision-hash'] === status?.updateRevision,
      ),
    };
  });
}

/** How many pods may stay as they were. */
function keptBefore({ spec }: V1StatefulSet): number {
  if (spec?.updateStrategy?.type === 'OnDelete') return Number.POSITIVE_INFINITY;
  return spec?.updateStrategy?.rollingUpdate?.partition ?? 0;
}
