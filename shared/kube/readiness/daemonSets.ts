import type { V1DaemonSet, V1Node, V1Pod } from '@kubernetes/client-node';
import { heals } from '../Patience.ts';
import type { Snapshot } from '../Snapshot.ts';
import {
  identity,
  isObserved,
  ofRelease,
  ownedBy,
  type Trouble,
  type Workload,
} from './Workload.ts';

/**
 * Ready when each node that takes it has a ready pod of the present revision. Where nodes of its
 * selector are there, and none of them takes it, it is not: nothing would run, and all would be well.
 */
export function daemonSets(snapshot: Snapshot, release: string): Workload[] {
  return ofRelease(snapshot.daemonSets, release).map((set) => {
    const { metadata, spec, status } = set;
    const observed = isObserved(set);
    const desired = status?.desiredNumberScheduled ?? 0;
    const byPeople = spec?.updateStrategy?.type === 'OnDelete';
    const updated = byPeople ? desired : (status?.updatedNumberScheduled ?? 0);
    const running = (spec?.minReadySeconds ? status?.numberAvailable : status?.numberReady) ?? 0;
    const ready = observed ? Math.min(updated, running) : 0;
    const trouble = observed && desired === 0 ? refusedByAll(set, snapshot.nodes) : undefined;
    return {
      ...identity('DaemonSet', metadata),
      ...{ desired, ready, trouble, replicaSet: undefined },
      done: observed && ready >= desired && trouble === undefined,
      pods: ownedBy(snapshot.pods, metadata?.uid).filter((pod) => observed && isPresent(pod, set)),
    };
  });
}

function isPresent({ metadata }: V1Pod, set: V1DaemonSet): boolean {
  const template = set.metadata?.annotations?.['deprecated.daemonset.template.generation'] ?? 0;
  return Number(metadata?.labels?.['pod-template-generation'] ?? 0) >= Number(template);
}

function refusedByAll({ spec }: V1DaemonSet, nodes: readonly V1Node[]): Trouble | undefined {
  const pod = spec?.template.spec;
  // An affinity may leave any node out.
  if (pod?.affinity?.nodeAffinity !== undefined) return undefined;
  const wanted = Object.entries(pod?.nodeSelector ?? {});
  const taints = nodes
    .filter(({ metadata }) => wanted.every(([key, value]) => metadata?.labels?.[key] === value))
    .flatMap((node) => node.spec?.taints ?? [])
    .filter(({ effect }) => effect !== 'PreferNoSchedule')
    .map(({ key, value, effect }) => `${key}${value ? `=${value}` : ''}:${effect}`)
    .filter((taint) => !taint.startsWith('node.kubernetes.io/'));
  if (taints.length === 0) return undefined;
  return {
    reason: 'NoNodes',
    message: `no node takes it: all that it selects have taints (${[...new Set(taints)].join(', ')})`,
    remedy: 'Add a toleration to the chart, or take the taint from a node.',
    patienceMs: heals,
  };
}
