import type {
  CoreV1Event,
  V1DaemonSet,
  V1Deployment,
  V1Ingress,
  V1Job,
  V1PersistentVolumeClaim,
  V1Pod,
  V1ReplicaSet,
  V1Service,
  V1StatefulSet,
} from '@kubernetes/client-node';

/** What is known of a namespace at one moment; the input of everything that judges a rollout. */
export interface Snapshot {
  readonly deployments: readonly V1Deployment[];
  readonly statefulSets: readonly V1StatefulSet[];
  readonly daemonSets: readonly V1DaemonSet[];
  readonly jobs: readonly V1Job[];
  readonly replicaSets: readonly V1ReplicaSet[];
  readonly pods: readonly V1Pod[];
  readonly claims: readonly V1PersistentVolumeClaim[];
  readonly events: readonly CoreV1Event[];
  readonly services: readonly V1Service[];
  readonly ingresses: readonly V1Ingress[];
}

export type Kind = keyof Snapshot;

export const emptySnapshot: Snapshot = {
  deployments: [],
  statefulSets: [],
  daemonSets: [],
  jobs: [],
  replicaSets: [],
  pods: [],
  claims: [],
  events: [],
  services: [],
  ingresses: [],
};
