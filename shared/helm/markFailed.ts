import { Buffer } from 'node:buffer';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { KubeApi } from '../kube/KubeApi.ts';

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
 * `pending-*` in the history for ever, since Helm changes only the one that was deployed. Helm keeps a
 * revision as base64 of gzipped JSON in a Secret (pkg/storage/driver of Helm 3 and 4).
 *
 * @throws {KubeProblem} when the server refuses; {@link Failure} when it does not answer
 */
export async function markFailed(
  api: Pick<KubeApi, 'get' | 'replace'>,
  { release, namespace, revision }: { release: string; namespace: string; revision: number },
  description: string,
): Promise<void> {
  const path = `/api/v1/namespaces/${namespace}/secrets/sh.helm.release.v1.${release}.v${revision}`;
  const secret = await api.get<StoredSecret>(path);
  // The Secret's own base64 is around Helm's.
  const stored = Buffer.from(Buffer.from(secret.data.release, 'base64').toString(), 'base64');
  const record = JSON.parse((await promisify(gunzip)(stored)).toString()) as StoredRelease;
  const failed = { ...record, info: { ...record.info, status: 'failed', description } };
  const packed = (await promisify(gzip)(JSON.stringify(failed))).toString('base64');
  await api.replace(path, {
    ...secret,
    metadata: { ...secret.metadata, labels: { ...secret.metadata.labels, status: 'failed' } },
    data: { release: Buffer.from(packed).toString('base64') },
  });
}
