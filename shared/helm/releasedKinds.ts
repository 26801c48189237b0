import { parseAllDocuments } from 'yaml';
import { isDefined, type KindOf } from '../kube/customKinds.ts';
import type { KubeApi } from '../kube/KubeApi.ts';
import { readRelease } from './readRelease.ts';

/**
 * The kinds of a revision's objects that others than Kubernetes have defined, from Helm's record of
 * it; none where it cannot be read.
 */
export async function releasedKinds(
  api: Pick<KubeApi, 'get'>,
  release: string,
  namespace: string,
  revision: number,
): Promise<KindOf[]> {
  try {
    return kindsOf((await readRelease(api, { release, namespace, revision })).manifest);
  } catch {
    return [];
  }
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
