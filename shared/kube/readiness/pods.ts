import type { V1Pod } from '@kubernetes/client-node';
import type { Snapshot } from '../Snapshot.ts';
import { identity, ofRelease, type Workload } from './Workload.ts';

/** Pods that a chart has itself: ready when they serve, or have ended well. */
export function pods(snapshot: Snapshot, release: string): Workload[] {
  return ofRelease(snapshot.pods, release).map((pod) => {
    const done = pod.status?.phase === 'Succeeded' || isReady(pod);
    return {
      ...identity('Pod', pod.metadata),
      ...{ desired: 1, ready: done ? 1 : 0, done, pods: [pod], replicaSet: undefined },
    };
  });
}

function isReady({ status }: V1Pod): boolean {
  return (
    status?.phase === 'Running' &&
    (status.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') ?? false)
  );
}
