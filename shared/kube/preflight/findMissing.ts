import { sideBySide } from '../../oci/sideBySide.ts';
import { type KubeApi, KubeProblem } from '../KubeApi.ts';
import { type KubeObject, nameOf } from './KubeObject.ts';
import type { Obstacle } from './Obstacle.ts';
import { podTemplateOf } from './podTemplates.ts';
import { providedBy } from './providedBy.ts';
import { type Reference, type ReferredKind, referencesOf } from './references.ts';

/**
 * Where each kind is, and whether the release cannot come up without it. Most of them something else may
 * still bring: accounts come with namespaces, Secrets and claims by operators.
 */
const kinds: Readonly<
  Record<ReferredKind, { readonly path: (namespace: string) => string; readonly certain: boolean }>
> = {
  ServiceAccount: { path: within('serviceaccounts'), certain: false },
  PriorityClass: { path: () => '/apis/scheduling.k8s.io/v1/priorityclasses', certain: true },
  RuntimeClass: { path: () => '/apis/node.k8s.io/v1/runtimeclasses', certain: true },
  Secret: { path: within('secrets'), certain: false },
  ConfigMap: { path: within('configmaps'), certain: false },
  PersistentVolumeClaim: { path: within('persistentvolumeclaims'), certain: false },
  StorageClass: { path: () => '/apis/storage.k8s.io/v1/storageclasses', certain: false },
  IngressClass: { path: () => '/apis/networking.k8s.io/v1/ingressclasses', certain: false },
};

function within(plural: string) {
  return (namespace: string) => `/api/v1/namespaces/${namespace}/${plural}`;
}

/** Only that it is there, not what is in it: a Secret is nobody's business here. */
const accept = 'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io';
const atMost = 16;

/** An object that refers to another one which no one has. */
interface Missing extends Reference {
  readonly object: KubeObject;
  /** Whether the release itself brings it, but only after this object has to have come to its end. */
  readonly later: boolean;
}

export interface ReleaseObjects {
  /** Made before all others, and each brought to its end: hooks of the first phase. */
  readonly before: readonly KubeObject[];
  /** The release itself, and hooks that come after it. */
  readonly objects: readonly KubeObject[];
  readonly namespace: string;
}

/**
 * What objects refer to and neither the release brings nor the cluster has. Who may not look is told
 * nothing: it may be there.
 */
export async function findMissing(
  api: Pick<KubeApi, 'get'>,
  { before, objects, namespace }: ReleaseObjects,
): Promise<{ readonly obstacles: readonly Obstacle[]; readonly absent: ReadonlySet<string> }> {
  const early = providedBy(before);
  const all = providedBy([...before, ...objects]);
  const wanted: Missing[] = [];
  const look = (object: KubeObject, provided: ReadonlySet<string>, isEarly: boolean) => {
    if ((object.metadata.namespace ?? namespace) !== namespace) return;
    for (const reference of referencesOf(object)) {
      const key = keyOf(reference);
      if (key === 'ServiceAccount/default' || provided.has(key)) continue;
      wanted.push({ ...reference, object, later: isEarly && all.has(key) });
    }
  };
  for (const object of before) look(object, early, true);
  for (const object of objects) look(object, all, false);
  const keys = [...new Map(wanted.map((one) => [keyOf(one), one])).values()];
  const there = await sideBySide(keys, atMost, (one) => isThere(api, one, namespace));
  const gone = new Set(keys.filter((_one, index) => !there[index]).map(keyOf));
  return {
    obstacles: wanted.filter((one) => gone.has(keyOf(one))).map(obstacle),
    // What the release brings is not there yet either when its pods are tried.
    absent: new Set([...gone, ...all]),
  };
}

export function keyOf({ kind, name }: Pick<Reference, 'kind' | 'name'>): string {
  return `${kind}/${name}`;
}

async function isThere(api: Pick<KubeApi, 'get'>, { kind, name }: Reference, namespace: string) {
  try {
    await api.get(`${kinds[kind].path(namespace)}/${encodeURIComponent(name)}`, {
      headers: { accept },
    });
    return true;
  } catch (error) {
    if (error instanceof KubeProblem) return error.code !== 404;
    throw error;
  }
}

function obstacle({ kind, name, path, object, later }: Missing): Obstacle {
  const who = nameOf(object);
  // Images that want no login are pulled all the same.
  const pulls = path.includes('.imagePullSecrets[');
  return {
    rank: 'missing',
    certain: !pulls && (later || kinds[kind].certain),
    object: who,
    rule: `${kind}/${name}`,
    field: path,
    what: `${who} wants ${kind} ${name} (${path}), which is not there${later ? ' before the hook runs' : ''}.`,
    why: later
      ? 'It comes with the release, which waits for the hook'
      : pulls
        ? 'Images that want a login cannot be pulled without it'
        : undefined,
    remedy: later
      ? 'Make it a hook of the same phase with a lower `helm.sh/hook-weight`.'
      : kinds[kind].certain
        ? 'Create it before, or let the chart create it; without it no pod is made.'
        : `Create it before, or correct the name${holdsPods(kind, object) && !pulls ? '; the rollout waits until something brings it' : ''}.`,
  };
}

function holdsPods(kind: ReferredKind, object: KubeObject): boolean {
  return (
    ['ServiceAccount', 'Secret', 'ConfigMap', 'PersistentVolumeClaim'].includes(kind) &&
    podTemplateOf(object) !== undefined
  );
}
