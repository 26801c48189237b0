import {
  AppsV1Api,
  BatchV1Api,
  CoreV1Api,
  type KubeConfig,
  NetworkingV1Api,
} from '@kubernetes/client-node';
import { emptySnapshot, type Kind, type Snapshot } from './Snapshot.ts';

interface List {
  readonly items: readonly unknown[];
  readonly metadata?: { readonly resourceVersion?: string };
}

export interface Source {
  /** The path below the API server's address, for a watch. */
  readonly path: string;
  readonly list: () => Promise<List>;
}

/** Where each kind of a namespace is listed and watched. */
export function sources(config: KubeConfig, namespace: string): Readonly<Record<Kind, Source>> {
  const core = config.makeApiClient(CoreV1Api);
  const apps = config.makeApiClient(AppsV1Api);
  const batch = config.makeApiClient(BatchV1Api);
  const networking = config.makeApiClient(NetworkingV1Api);
  const of = { namespace };
  const path = (group: string, kind: string) => `/${group}/namespaces/${namespace}/${kind}`;
  return {
    deployments: {
      path: path('apis/apps/v1', 'deployments'),
      list: () => apps.listNamespacedDeployment(of),
    },
    statefulSets: {
      path: path('apis/apps/v1', 'statefulsets'),
      list: () => apps.listNamespacedStatefulSet(of),
    },
    daemonSets: {
      path: path('apis/apps/v1', 'daemonsets'),
      list: () => apps.listNamespacedDaemonSet(of),
    },
    replicaSets: {
      path: path('apis/apps/v1', 'replicasets'),
      list: () => apps.listNamespacedReplicaSet(of),
    },
    jobs: { path: path('apis/batch/v1', 'jobs'), list: () => batch.listNamespacedJob(of) },
    pods: { path: path('api/v1', 'pods'), list: () => core.listNamespacedPod(of) },
    events: { path: path('api/v1', 'events'), list: () => core.listNamespacedEvent(of) },
    services: { path: path('api/v1', 'services'), list: () => core.listNamespacedService(of) },
    claims: {
      path: path('api/v1', 'persistentvolumeclaims'),
      list: () => core.listNamespacedPersistentVolumeClaim(of),
    },
    ingresses: {
      path: path('apis/networking.k8s.io/v1', 'ingresses'),
      list: () => networking.listNamespacedIngress(of),
    },
  };
}

/**
 * Lists what a namespace holds, side by side. A kind that may not be read is empty: a diagnosis
 * with gaps is better than none.
 */
export async function takeSnapshot(config: KubeConfig, namespace: string): Promise<Snapshot> {
  const entries = await Promise.all(
    Object.entries(sources(config, namespace)).map(async ([kind, { list }]) => {
      const found = await list().catch(() => undefined);
      return [kind, found?.items ?? []] as const;
    }),
  );
  return { ...emptySnapshot, ...Object.fromEntries(entries) };
}
