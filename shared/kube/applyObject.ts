import { parse } from 'yaml';
import type { KubeApi } from './KubeApi.ts';
import { servedKinds } from './servedKinds.ts';

interface Applied {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
}

/**
 * Applies one object of the whole cluster, such as a Namespace or a definition.
 *
 * @param text YAML
 * @throws {KubeProblem} when the server refuses; {@link Failure} when it does not answer
 */
export async function applyObject(
  api: Pick<KubeApi, 'get' | 'apply'>,
  text: string,
): Promise<void> {
  // As Helm reads.
  const object = parse(text, { version: '1.1', logLevel: 'error' }) as Applied;
  const { apiVersion, kind, metadata } = object;
  const served = await servedKinds(api, [apiVersion]);
  const plural = served.get(apiVersion)?.get(kind)?.plural;
  if (plural === undefined) throw new Error(`the server does not serve ${apiVersion} ${kind}`);
  const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  await api.apply(`${root}/${plural}/${encodeURIComponent(metadata.name)}`, object);
}
