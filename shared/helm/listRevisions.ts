import type { KubeApi } from '../kube/KubeApi.ts';
import type { Revision } from './Helm.ts';

/** Only what stands about the objects: the content of a release's Secret may be 1 MiB. */
const accept = 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io';

interface Stored {
  readonly metadata?: {
    readonly creationTimestamp?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
}

/**
 * The revisions of a release, oldest first, as the labels of Helm's Secrets tell (pkg/storage/driver
 * of Helm 3 and 4): what `helm history` reads too, in a tenth of its time and without the releases'
 * content.
 *
 * @throws {KubeProblem} when the server refuses; {@link Failure} when it does not answer
 */
export async function listRevisions(
  api: Pick<KubeApi, 'get'>,
  release: string,
  namespace: string,
): Promise<Revision[]> {
  const labelSelector = `owner=helm,name=${release}`;
  const query = new URLSearchParams({ labelSelector });
  const { items } = await api.get<{ readonly items: readonly Stored[] | null }>(
    `/api/v1/namespaces/${namespace}/secrets?${query}`,
    { headers: { accept } },
  );
  // A list of metadata has `null` where it is empty, other than a list of objects.
  return (items ?? [])
    .map(({ metadata: { labels = {}, creationTimestamp = '' } = {} }) => ({
      revision: Number(labels.version),
      status: labels.status ?? 'unknown',
      updated: timeOf(labels.modifiedAt) ?? creationTimestamp,
    }))
    .toSorted((a, b) => a.revision - b.revision);
}

/** Helm writes the seconds since 1970 when it changes a revision. */
function timeOf(seconds: string | undefined): string | undefined {
  return seconds === undefined ? undefined : new Date(Number(seconds) * 1000).toISOString();
}
