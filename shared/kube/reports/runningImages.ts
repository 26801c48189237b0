import type { V1Pod } from '@kubernetes/client-node';
import { Failure } from '../../failure/Failure.ts';
import type { KubeApi } from '../KubeApi.ts';
import { listAll } from './listAll.ts';
import { notListed } from './notListed.ts';
import { listPath, podResource } from './Resource.ts';
import type { RunningImage } from './RunningImage.ts';
import { type ContainerImage, type ReadPod, readPod } from './readPod.ts';

/** Names of namespaces, or all that there are. */
export type Namespaces = readonly string[] | 'all';

/** The namespaces to list one after the other; `undefined` is the whole cluster. */
export function eachOf(namespaces: Namespaces): readonly (string | undefined)[] {
  return namespaces === 'all' ? [undefined] : [...new Set(namespaces)];
}

/**
 * The images that the pods of namespaces run, once each, with whatever runs them.
 *
 * @throws {Failure} when the pods cannot be listed
 */
export async function runningImages(
  api: Pick<KubeApi, 'get'>,
  namespaces: Namespaces,
): Promise<RunningImage[]> {
  const pods: ReadPod[] = [];
  for (const namespace of eachOf(namespaces)) {
    try {
      pods.push(...(await listPods(api, namespace)));
    } catch (error) {
      throw new Failure({ ...notListed(error, podResource, namespace), cause: error });
    }
  }
  return groupImages(pods.flatMap(({ containers }) => containers));
}

/** @throws {KubeProblem} when the server refuses; {@link Failure} when it does not answer */
export function listPods(
  api: Pick<KubeApi, 'get'>,
  namespace: string | undefined,
): Promise<ReadPod[]> {
  return listAll(api, listPath(podResource, namespace), (pod) => readPod(pod as V1Pod));
}

/** Containers by the content that they run; what has none is left out. */
export function groupImages(containers: readonly ContainerImage[]): RunningImage[] {
  const found = containers.flatMap(({ digest, ...rest }) =>
    digest === undefined ? [] : [{ digest, ...rest }],
  );
  return [...Map.groupBy(found, ({ digest }) => digest)].map(([digest, group]) => ({
    digest,
    reference: group.find(({ reference }) => reference)?.reference,
    name: group[0]?.name ?? '',
    containers: group.map(({ container }) => container),
  }));
}
