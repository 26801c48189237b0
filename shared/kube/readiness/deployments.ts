import type { V1ReplicaSet } from '@kubernetes/client-node';
import type { Snapshot } from '../Snapshot.ts';
import { identity, isObserved, type Owned, ofRelease, ownedBy, type Workload } from './Workload.ts';

/** Ready when all pods of the present revision are available, and those before are gone. */
export function deployments(snapshot: Snapshot, release: string): Workload[] {
  return ofRelease(snapshot.deployments, release).map((deployment) => {
    const { metadata, spec, status } = deployment;
    const desired = spec?.replicas ?? 1;
    const observed = isObserved(deployment);
    const newest = newestOf(ownedBy(snapshot.replicaSets, metadata?.uid));
    // Until its controller has seen a change, the newest ReplicaSet is that of the revision before.
    const present = observed && revisionOf(newest) >= revisionOf(deployment);
    const replicaSet = present ? newest : undefined;
    // The Deployment's own count of available pods has those of the revision before in it.
    const ready = replicaSet?.status?.availableReplicas ?? 0;
    return {
      ...identity('Deployment', metadata),
      ...{ desired, ready, replicaSet },
      done:
        observed && ready >= desired && (status?.replicas ?? 0) <= (status?.updatedReplicas ?? 0),
      pods: ownedBy(snapshot.pods, replicaSet?.metadata?.uid),
    };
  });
}

/** The Deployment's controller counts its ReplicaSets in an annotation of both. */
export function revisionOf(object: Owned | undefined): number {
  return Number(object?.metadata?.annotations?.['deployment.kubernetes.io/revision'] ?? 0);
}

function newestOf(replicaSets: readonly V1ReplicaSet[]): V1ReplicaSet | undefined {
  return [...replicaSets].sort((a, b) => revisionOf(b) - revisionOf(a))[0];
}
