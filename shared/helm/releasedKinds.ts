import { Buffer } from 'node:buffer';
import { gunzipSync } from 'node:zlib';
import { parseAllDocuments } from 'yaml';
import { isDefined, type KindOf } from '../kube/customKinds.ts';
import type { KubeApi } from '../kube/KubeApi.ts';

/** A release of Helm is at most a Secret of 1 MiB; its text may be ten times that. */
const largestRelease = 64 * 1024 * 1024;

/**
 * The kinds of a revision's objects that others than Kubernetes have defined, from Helm's record of
 * it (pkg/storage/driver of Helm 3 and 4: JSON, gzip, base64); none where it cannot be read.
 */
export async function releasedKinds(
  api: Pick<KubeApi, 'get'>,
  release: string,
  namespace: string,
  revision: number,
): Promise<KindOf[]> {
  const path = `/api/v1/namespaces/${namespace}/secrets/sh.helm.release.v1.${release}.v${revision}`;
  const stored = await api
    .get<{ readonly data?: { readonly release?: string } }>(path)
    .catch(() => undefined);
  const encoded = stored?.data?.release;
  if (encoded === undefined) return [];
  try {
    return kindsOf(decode(encoded));
  } catch {
    return [];
  }
}

function decode(encoded: string): string {
  const zipped = Buffer.from(Buffer.from(encoded, 'base64').toString(), 'base64');
  const json = gunzipSync(zipped, { maxOutputLength: largestRelease }).toString();
  return (JSON.parse(json) as { readonly manifest?: string }).manifest ?? '';
}

/** Exported for its test. Most releases have no such kind, and their manifests are not parsed. */
export function kindsOf(manifest: string): KindOf[] {
  const versions = manifest.matchAll(/"?apiVersion"?:\s*["']?([^\s"',}]+)/g);
  if (![...versions].some(([, version = '']) => isDefined(version))) return [];
  const kinds = parseAllDocuments(manifest, { logLevel: 'silent' }).map((document) => {
    const { apiVersion, kind } = (document.toJS() ?? {}) as Partial<KindOf>;
    return { apiVersion, kind };
  });
  const known = new Map<string, KindOf>();
  for (const { apiVersion, kind } of kinds) {
    if (apiVersion === undefined || kind === undefined || !isDefined(apiVersion)) continue;
    known.set(`${apiVersion} ${kind}`, { apiVersion, kind });
  }
  return [...known.values()];
}
