import { Buffer } from 'node:buffer';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { KubeApi } from '../kube/KubeApi.ts';

/** A revision as Helm keeps it, as far as it is compared. */
export interface ReleaseRecord {
  readonly manifest: string;
  readonly hooks: readonly { readonly path?: string; readonly manifest: string }[];
  readonly config: unknown;
  readonly chart: { readonly name: string; readonly version: string };
}

/** As Helm writes it, in its Secret and with `--output json`. */
interface Written {
  readonly manifest?: string;
  readonly hooks?: ReleaseRecord['hooks'] | null;
  readonly config?: unknown;
  readonly chart?: { readonly metadata?: Partial<ReleaseRecord['chart']> };
}

/**
 * Reads a revision: base64 of gzipped JSON in a Secret (pkg/storage/driver of Helm 3 and 4).
 *
 * @throws {KubeProblem} when the server refuses; {@link Failure} when it does not answer
 */
export async function readRelease(
  api: Pick<KubeApi, 'get'>,
  { release, namespace, revision }: { release: string; namespace: string; revision: number },
): Promise<ReleaseRecord> {
  const path = `/api/v1/namespaces/${namespace}/secrets/sh.helm.release.v1.${release}.v${revision}`;
  const { data } = await api.get<{ readonly data: { readonly release: string } }>(path);
  // The Secret's own base64 is around Helm's.
  const stored = Buffer.from(Buffer.from(data.release, 'base64').toString(), 'base64');
  return recordOf(JSON.parse((await promisify(gunzip)(stored)).toString()) as Written);
}

/** What stands in the JSON of a release. */
export function recordOf({ manifest = '', hooks, config, chart }: Written): ReleaseRecord {
  const { name = '', version = '' } = chart?.metadata ?? {};
  return { manifest, hooks: hooks ?? [], config: config ?? {}, chart: { name, version } };
}
