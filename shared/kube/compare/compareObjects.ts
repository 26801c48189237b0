import { sideBySide } from '../../oci/sideBySide.ts';
import { type KubeApi, KubeProblem } from '../KubeApi.ts';
import { type KubeObject, nameOf } from '../preflight/KubeObject.ts';
import type { Known } from '../preflight/sortByKind.ts';
import type { Tried } from '../preflight/tryObject.ts';
import { type ReleaseName, tryOne } from '../preflight/tryRelease.ts';
import { fieldChanges } from './fieldChanges.ts';
import type { Compared, ObjectChange } from './ObjectChange.ts';
import { seenOf } from './plainObject.ts';

type Api = Pick<KubeApi, 'attempt' | 'get'>;

export interface ComparingOptions extends ReleaseName {
  /** Objects whose replicas an autoscaler sets. */
  readonly autoscaled: ReadonlyMap<string, string>;
  /** Whether fields that somebody else has set are taken: `always`, or only to show what they would be. */
  readonly force: 'always' | 'to show';
}

/** As many as a browser would: the server has others to serve. */
const atMost = 16;

/**
 * Compares objects with those of the cluster by letting the server apply them without writing: so what
 * it fills in by itself, what webhooks change and what others have set is no difference.
 *
 * @throws {Failure} when the server does not answer
 */
export function compareObjects(
  api: Api,
  objects: readonly Known[],
  options: ComparingOptions,
): Promise<Compared[]> {
  return sideBySide(objects, atMost, (known) => compareOne(api, known, options));
}

async function compareOne(api: Api, known: Known, options: ComparingOptions): Promise<Compared> {
  const { object, namespaced } = known;
  const name = nameOf(object);
  const autoscaled = options.autoscaled.has(name);
  const place = {
    ...{ object: name, apiVersion: object.apiVersion },
    namespace: namespaced ? (object.metadata.namespace ?? options.namespace) : undefined,
  };
  const live = await findLive(api, known).catch((error: unknown) => {
    if (error instanceof KubeProblem) return error;
    throw error;
  });
  if (live instanceof KubeProblem) {
    const note = `It may not be read (${live.code}).`;
    return {
      change: { ...place, change: 'unknown', fields: [], note, seen: undefined },
      obstacles: [],
    };
  }
  const about = { ...place, seen: live && seenOf(live, autoscaled) };
  const tried = await tryOne(api, known, options, options.force === 'always');
  const { obstacles } = tried;
  const isHeld = tried.object === undefined && obstacles.some(({ rank }) => rank === 'conflict');
  const shown = isHeld ? await tryOne(api, known, options, true) : tried;
  return { change: { ...about, ...judge(live, shown) }, obstacles };
}

function judge(
  live: KubeObject | undefined,
  { object, obstacles, untried }: Tried,
): Pick<ObjectChange, 'change' | 'fields' | 'note'> {
  if (live === undefined) return { change: 'added', fields: [], note: untried };
  if (object === undefined) {
    const [first] = obstacles;
    const note = untried ?? [first?.what, first?.why].filter(Boolean).join(' ');
    return { change: 'unknown', fields: [], note };
  }
  const fields = fieldChanges(live, object);
  return { change: fields.length === 0 ? 'unchanged' : 'changed', fields };
}

/** An object as it is; `undefined` when there is none. */
export async function findLive(
  api: Pick<KubeApi, 'get'>,
  { object, collection }: Known,
): Promise<KubeObject | undefined> {
  const { name } = object.metadata;
  if (name === undefined) return undefined;
  try {
    return await api.get<KubeObject>(`${collection}/${encodeURIComponent(name)}`);
  } catch (error) {
    if (error instanceof KubeProblem && error.code === 404) return undefined;
    throw error;
  }
}
