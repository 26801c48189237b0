import type {
  CoreV1Event,
  V1DaemonSet,
  V1Deployment,
  V1Ingress,
  V1Job,
  V1Node,
  V1ObjectMeta,
  V1PersistentVolumeClaim,
  V1Pod,
  V1ReplicaSet,
  V1Service,
  V1StatefulSet,
  V2HorizontalPodAutoscaler,
} from '@kubernetes/client-node';

/** An object of a kind that somebody has defined in the cluster. */
export interface CustomObject {
  readonly kind: string;
  readonly metadata?: V1ObjectMeta;
  readonly spec?: unknown;
  readonly status?: {
    readonly observedGeneration?: number;
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: string;
      readonly reason?: string;
      readonly message?: string;
    }[];
  };
  /** Whether its kind declares that its owner reports conditions. */
  readonly reports: boolean;
}

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
  readonly autoscalers: readonly V2HorizontalPodAutoscaler[];
  readonly customs: readonly CustomObject[];
  /** Known only where a DaemonSet has none that takes it. */
  readonly nodes: readonly V1Node[];
}

/** The kinds of every namespace. */
export type Kind = Exclude<keyof Snapshot, 'customs' | 'nodes'>;

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
  autoscalers: [],
  customs: [],
  nodes: [],
};
