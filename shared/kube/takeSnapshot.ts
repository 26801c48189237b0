import type { KubeApi, KubeList } from './KubeApi.ts';
import { emptySnapshot, type Kind, type Snapshot } from './Snapshot.ts';

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
};

/** The path of a kind in a namespace, below the API server's address. */
export function pathOf(kind: Kind, namespace: string): string {
  const [group, plural] = kinds[kind];
  return `/${group}/namespaces/${namespace}/${plural}`;
}

/**
 * Lists what a namespace holds, side by side. A kind that may not be read is empty: a diagnosis
 * with gaps is better than none.
 */
export async function takeSnapshot(api: KubeApi, namespace: string): Promise<Snapshot> {
  const entries = await Promise.all(
    (Object.keys(kinds) as Kind[]).map(async (kind) => {
      const found = await api.get<KubeList>(pathOf(kind, namespace)).catch(() => undefined);
      return [kind, found?.items ?? []] as const;
    }),
  );
  return { ...emptySnapshot, ...Object.fromEntries(entries) };
}
