import { groupOf } from './KubeObject.ts';

/** Where a kind of Kubernetes' own has gone. */
export interface Removal {
  /** The minor version of Kubernetes 1 that no longer serves it. */
  readonly since: number;
  /** `undefined` when nothing took its place. */
  readonly successor: string | undefined;
  /** What else changes with the version. */
  readonly note?: string;
}

type Row = readonly [
  since: number,
  apiVersion: string,
  kinds: string,
  successor: string | undefined,
  note?: string,
];

const ingress =
  'Its paths want a `pathType`, and `backend` has `service.name` and `service.port` in place of `serviceName` and `servicePort`.';
const security = 'Use Pod Security admission (labels of the namespace), or a policy engine.';
const selector = 'Deployments and their kind want `spec.selector`.';
const schema = 'Its schema goes to each version, and has to be structural.';
const metrics = 'Its metrics name `target.type` and `target.averageUtilization`.';
const selectsAll = 'An empty `selector` selects all pods there.';
const webhooks = 'It wants `sideEffects` and `admissionReviewVersions`.';

/** Kubernetes' own guide to what it removed (Deprecated API Migration Guide). */
const rows: readonly Row[] = [
  [16, 'extensions/v1beta1', 'Deployment DaemonSet ReplicaSet', 'apps/v1', selector],
  [16, 'extensions/v1beta1', 'NetworkPolicy', 'networking.k8s.io/v1'],
  [16, 'extensions/v1beta1', 'PodSecurityPolicy', undefined, security],
  [16, 'apps/v1beta1', 'Deployment StatefulSet', 'apps/v1', selector],
  [16, 'apps/v1beta2', 'Deployment DaemonSet ReplicaSet StatefulSet', 'apps/v1', selector],
  [22, 'extensions/v1beta1', 'Ingress', 'networking.k8s.io/v1', ingress],
  [22, 'networking.k8s.io/v1beta1', 'Ingress', 'networking.k8s.io/v1', ingress],
  [22, 'networking.k8s.io/v1beta1', 'IngressClass', 'networking.k8s.io/v1'],
  [
    22,
    'admissionregistration.k8s.io/v1beta1',
    'MutatingWebhookConfiguration ValidatingWebhookConfiguration',
    'admissionregistration.k8s.io/v1',
    webhooks,
  ],
  [
    22,
    'apiextensions.k8s.io/v1beta1',
    'CustomResourceDefinition',
    'apiextensions.k8s.io/v1',
    schema,
  ],
  [22, 'apiregistration.k8s.io/v1beta1', 'APIService', 'apiregistration.k8s.io/v1'],
  [22, 'authentication.k8s.io/v1beta1', 'TokenReview', 'authentication.k8s.io/v1'],
  [
    22,
    'authorization.k8s.io/v1beta1',
    'LocalSubjectAccessReview SelfSubjectAccessReview SubjectAccessReview',
    'authorization.k8s.io/v1',
  ],
  [
    22,
    'certificates.k8s.io/v1beta1',
    'CertificateSigningRequest',
    'certificates.k8s.io/v1',
    'It wants `signerName` and `usages`.',
  ],
  [22, 'coordination.k8s.io/v1beta1', 'Lease', 'coordination.k8s.io/v1'],
  ...['v1alpha1', 'v1beta1'].map(
    (version): Row => [
      22,
      `rbac.authorization.k8s.io/${version}`,
      'ClusterRole ClusterRoleBinding Role RoleBinding',
      'rbac.authorization.k8s.io/v1',
    ],
  ),
  [22, 'scheduling.k8s.io/v1beta1', 'PriorityClass', 'scheduling.k8s.io/v1'],
  [
    22,
    'storage.k8s.io/v1beta1',
    'CSIDriver CSINode StorageClass VolumeAttachment',
    'storage.k8s.io/v1',
  ],
  [25, 'batch/v1beta1', 'CronJob', 'batch/v1'],
  [25, 'discovery.k8s.io/v1beta1', 'EndpointSlice', 'discovery.k8s.io/v1'],
  [25, 'events.k8s.io/v1beta1', 'Event', 'events.k8s.io/v1'],
  [25, 'autoscaling/v2beta1', 'HorizontalPodAutoscaler', 'autoscaling/v2', metrics],
  [25, 'node.k8s.io/v1beta1', 'RuntimeClass', 'node.k8s.io/v1'],
  [25, 'policy/v1beta1', 'PodDisruptionBudget', 'policy/v1', selectsAll],
  [25, 'policy/v1beta1', 'PodSecurityPolicy', undefined, security],
  [26, 'autoscaling/v2beta2', 'HorizontalPodAutoscaler', 'autoscaling/v2', metrics],
  [27, 'storage.k8s.io/v1beta1', 'CSIStorageCapacity', 'storage.k8s.io/v1'],
  ...(
    [
      [26, 'v1beta1'],
      [29, 'v1beta2'],
      [32, 'v1beta3'],
    ] as const
  ).map(
    ([since, version]): Row => [
      since,
      `flowcontrol.apiserver.k8s.io/${version}`,
      'FlowSchema PriorityLevelConfiguration',
      'flowcontrol.apiserver.k8s.io/v1',
    ],
  ),
];

const removals = new Map<string, Removal>(
  rows.flatMap(([since, apiVersion, kinds, successor, note]) =>
    kinds
      .split(' ')
      .map((kind): [string, Removal] => [
        `${apiVersion}/${kind}`,
        { since, successor, ...(note !== undefined && { note }) },
      ]),
  ),
);

/** What became of a kind that Kubernetes has removed; `undefined` for any other. */
export function removalOf(apiVersion: string, kind: string): Removal | undefined {
  return removals.get(`${apiVersion}/${kind}`);
}

/**
 * The API version that a person most likely wants in place of one that is not served.
 *
 * @param served at which the cluster has a kind of that name
 */
export function successorOf(
  apiVersion: string,
  kind: string,
  served: readonly string[],
): string | undefined {
  const removal = removalOf(apiVersion, kind);
  if (removal !== undefined) return removal.successor;
  const ofGroup = served.filter((candidate) => groupOf(candidate) === groupOf(apiVersion));
  // The stable ones are the longest lived.
  return ofGroup.find((candidate) => /(^|\/)v\d+$/.test(candidate)) ?? ofGroup[0];
}
