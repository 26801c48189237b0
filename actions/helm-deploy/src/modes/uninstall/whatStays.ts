import { findLive } from '../../../../../shared/kube/compare/compareObjects.ts';
import { type KubeApi, KubeProblem } from '../../../../../shared/kube/KubeApi.ts';
import {
  at,
  type KubeObject,
  listAt,
  nameOf,
  textAt,
} from '../../../../../shared/kube/preflight/KubeObject.ts';
import { sideBySide } from '../../../../../shared/oci/sideBySide.ts';
import { wantsToBeKept } from '../plan/findRemoved.ts';
import type { Own } from './findOwn.ts';

/** What stays when a release goes, and why. */
export interface Kept {
  readonly object: string;
  readonly why: string;
}

const atMost = 16;

/** Finds what an uninstall leaves in the cluster: data, definitions, and what says that it is kept. */
export async function whatStays(
  api: Pick<KubeApi, 'get'>,
  { objects, definitions }: Own,
  namespace: string,
): Promise<readonly Kept[]> {
  const live = await sideBySide(objects, atMost, (known) => findLive(api, known).catch(unseen));
  const marked = live.flatMap((object, index) => {
    const stated = objects[index]?.object;
    if (object === undefined || !(wantsToBeKept(object) || (stated && wantsToBeKept(stated)))) {
      return [];
    }
    return [{ object: nameOf(object), why: 'its annotation helm.sh/resource-policy is keep.' }];
  });
  const present = live.filter((object) => object !== undefined);
  const [claims, defined] = await Promise.all([
    claimsOf(api, present, namespace),
    definitionsOf(api, definitions),
  ]);
  return [...marked, ...claims, ...defined];
}

/** Of StatefulSets: their data outlives them, unless they say otherwise. */
async function claimsOf(
  api: Pick<KubeApi, 'get'>,
  objects: readonly KubeObject[],
  namespace: string,
): Promise<Kept[]> {
  const sets = objects.filter(
    (object) =>
      object.kind === 'StatefulSet' &&
      at(object, 'spec', 'persistentVolumeClaimRetentionPolicy', 'whenDeleted') !== 'Delete',
  );
  const byPlace = Map.groupBy(sets, ({ metadata }) => metadata.namespace ?? namespace);
  const found = [...byPlace].map(async ([place, own]) => {
    const path = `/api/v1/namespaces/${place}/persistentvolumeclaims`;
    const list = await api.get<{ readonly items: readonly KubeObject[] }>(path).catch(unseen);
    return own.flatMap((set) => ofSet(set, list?.items ?? []));
  });
  return (await Promise.all(found)).flat();
}

function ofSet(set: KubeObject, claims: readonly KubeObject[]): Kept[] {
  const templates = listAt(set, 'spec', 'volumeClaimTemplates').map((one) =>
    textAt(one, 'metadata', 'name'),
  );
  const starts = templates.map((template) => `${template}-${set.metadata.name}-`);
  const why = `it is the data of ${nameOf(set)}, which outlives it; delete it by hand when nobody needs it.`;
  return claims.flatMap(({ metadata: { name = '' } }) =>
    starts.some((start) => name.startsWith(start) && /^\d+$/.test(name.slice(start.length)))
      ? [{ object: `PersistentVolumeClaim/${name}`, why }]
      : [],
  );
}

async function definitionsOf(api: Pick<KubeApi, 'get'>, names: readonly string[]): Promise<Kept[]> {
  const root = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
  const found = await sideBySide(names, atMost, (name) =>
    api.get(`${root}/${encodeURIComponent(name)}`).catch(unseen),
  );
  const why = 'with a definition all objects of its kind go, those of other releases too.';
  return names.flatMap((name, index) =>
    found[index] === undefined ? [] : [{ object: `CustomResourceDefinition/${name}`, why }],
  );
}

/** Nothing is said of what is not there, or may not be read. */
function unseen(error: unknown): undefined {
  if (!(error instanceof KubeProblem)) throw error;
  return undefined;
}
