import type { V1Node } from '@kubernetes/client-node';
import type { CustomKind } from './customKinds.ts';
import type { KubeApi, KubeList } from './KubeApi.ts';
import { type CustomObject, emptySnapshot, type Kind, type Snapshot } from './Snapshot.ts';

/** Where the kinds of a namespace are, by API group and plural name. */
const kinds: Readonly<Record<Kind, readonly [group: string, plural: string]>> = {
  deployments: ['apis/apps/v1', 'deployments'],
  statefulSets: ['apis/apps/v1', 'statefulsets'],
  daemonSets: ['apis/apps/v1', 'daemonsets'],
  replicaSets: ['apis/apps/v1', 'replicasets'],
  jobs: ['apis/batch/v1', 'jobs'],
  pods: ['api/v1', 'pods'],
  claims: ['api/v1', 'persistentvolumeclaims'],
  events: ['api/v1', 'events'],
  services: ['api/v1', 'services'],
  ingresses: ['apis/networking.k8s.io/v1', 'ingresses'],
  autoscalers: ['apis/autoscaling/v2', 'horizontalpodautoscalers'],
};

/** The path of a kind in a namespace, below the API server's address. */
export function pathOf(kind: Kind, namespace: string): string {
  const [group, plural] = kinds[kind];
  return `/${group}/namespaces/${namespace}/${plural}`;
}

/** Which of the kinds of every namespace there are. */
export const allKinds = Object.keys(kinds) as Kind[];

/**
 * Lists what a namespace holds, side by side. A kind that may not be read is empty: a diagnosis
 * with gaps is better than none.
 *
 * @param customs kinds of the release that others have defined
 */
export async function takeSnapshot(
  api: KubeApi,
  namespace: string,
  customs: readonly CustomKind[] = [],
): Promise<Snapshot> {
  const list = async (path: string) => {
    const found = await api.get<KubeList>(path).catch(() => undefined);
    return found?.items ?? [];
  };
  const [entries, objects] = await Promise.all([
    Promise.all(allKinds.map(async (kind) => [kind, await list(pathOf(kind, namespace))] as const)),
    Promise.all(customs.map(async (kind) => asCustoms(kind, await list(kind.path)))),
  ]);
  const snapshot: Snapshot = {
    ...emptySnapshot,
    ...Object.fromEntries(entries),
    customs: objects.flat(),
  };
  const nodes = snapshot.daemonSets.some(({ status }) => status?.desiredNumberScheduled === 0)
    ? ((await list('/api/v1/nodes')) as V1Node[])
    : [];
  return { ...snapshot, nodes };
}

/** In a list, objects do not say of which kind they are. */
export function asCustoms({ kind, reports }: CustomKind, items: readonly unknown[]) {
  return items.map((item) => ({ ...(item as CustomObject), kind, reports }));
}
