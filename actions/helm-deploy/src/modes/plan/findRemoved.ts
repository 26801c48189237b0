import {
  type ComparingOptions,
  findLive,
} from '../../../../../shared/kube/compare/compareObjects.ts';
import type { ObjectChange } from '../../../../../shared/kube/compare/ObjectChange.ts';
import { seenOf } from '../../../../../shared/kube/compare/plainObject.ts';
import type { KubeApi } from '../../../../../shared/kube/KubeApi.ts';
import type { Served } from '../../../../../shared/kube/preflight/discover.ts';
import {
  groupOf,
  type KubeObject,
  nameOf,
} from '../../../../../shared/kube/preflight/KubeObject.ts';
import { sortByKind } from '../../../../../shared/kube/preflight/sortByKind.ts';
import { sideBySide } from '../../../../../shared/oci/sideBySide.ts';

const atMost = 16;

/**
 * The objects that leave a release: Helm removes them, but for those that say that they want to be kept.
 *
 * @param before the objects of the release as it is deployed
 * @param wanted its objects as they will be
 */
export async function findRemoved(
  api: Pick<KubeApi, 'get'>,
  before: readonly KubeObject[],
  wanted: readonly KubeObject[],
  options: Pick<ComparingOptions, 'namespace' | 'autoscaled'> & { readonly served: Served },
): Promise<ObjectChange[]> {
  const { namespace, autoscaled } = options;
  const keyOf = ({ apiVersion, kind, metadata }: KubeObject) =>
    [groupOf(apiVersion), kind, metadata.namespace ?? namespace, metadata.name].join(' ');
  const stay = new Set(wanted.map(keyOf));
  const gone = sortByKind(
    before.filter((object) => !stay.has(keyOf(object))),
    options,
  ).known;
  const found = await sideBySide(gone, atMost, async (known) => {
    const live = await findLive(api, known);
    return live === undefined ? [] : [{ known, live }];
  });
  return found.flat().map(({ known: { object, namespaced }, live }) => {
    const isKept = wantsToBeKept(live) || wantsToBeKept(object);
    return {
      ...{ object: nameOf(object), apiVersion: object.apiVersion },
      namespace: namespaced ? (object.metadata.namespace ?? namespace) : undefined,
      ...{ change: isKept ? 'kept' : 'removed', fields: [] },
      seen: seenOf(live, autoscaled.has(nameOf(object))),
      ...(isKept && { note: 'It leaves the release and stays: helm.sh/resource-policy is keep.' }),
    };
  });
}

/** What Helm leaves in the cluster when it removes the rest. */
export function wantsToBeKept({ metadata }: KubeObject): boolean {
  return metadata.annotations?.['helm.sh/resource-policy']?.trim().toLowerCase() === 'keep';
}
