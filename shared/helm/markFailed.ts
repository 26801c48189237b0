import type { KubeApi } from '../kube/KubeApi.ts';
import { packRelease, type RevisionRef, storedPath, unpackRelease } from './storedRelease.ts';

/** As far as it is read; everything else is kept as it is. */
interface StoredRelease {
  readonly info: Readonly<Record<string, unknown>>;
}

interface StoredSecret {
  readonly metadata: { readonly labels?: Readonly<Record<string, string>> };
  readonly data: { readonly release: string };
}

/**
 * Marks a revision as failed whose Helm was killed. Going back to another revision leaves it
 * `pending-*` in the history for ever, since Helm changes only the one that was deployed.
 *
 * @throws {KubeProblem} when the server refuses; {@link Failure} when it does not answer
 */
export async function markFailed(
  api: Pick<KubeApi, 'get' | 'replace'>,
  ref: RevisionRef,
  description: string,
): Promise<void> {
  const path = storedPath(ref);
  const secret = await api.get<StoredSecret>(path);
  const record = (await unpackRelease(secret.data.release)) as StoredRelease;
  const failed = { ...record, info: { ...record.info, status: 'failed', description } };
  await api.replace(path, {
    ...secret,
    metadata: { ...secret.metadata, labels: { ...secret.metadata.labels, status: 'failed' } },
    data: { release: await packRelease(failed) },
  });
}
