import { autoscaledBy } from '../../../../../shared/kube/compare/autoscaledBy.ts';
import { compareObjects } from '../../../../../shared/kube/compare/compareObjects.ts';
import type { Compared, ObjectChange } from '../../../../../shared/kube/compare/ObjectChange.ts';
import type { KubeApi } from '../../../../../shared/kube/KubeApi.ts';
import { discover } from '../../../../../shared/kube/preflight/discover.ts';
import { at, type KubeObject, nameOf } from '../../../../../shared/kube/preflight/KubeObject.ts';
import { parseManifest } from '../../../../../shared/kube/preflight/parseManifest.ts';
import { podTemplateOf } from '../../../../../shared/kube/preflight/podTemplates.ts';
import { type Known, sortByKind } from '../../../../../shared/kube/preflight/sortByKind.ts';
import type { Inputs } from '../../inputs.ts';
import type { Drift } from './Drift.ts';

/**
 * Compares a release's manifest with the cluster: only what the manifest states counts, as the server
 * reads it. What others add beside it, and what the server fills in, is no drift.
 *
 * @throws {Failure} when the API server does not answer
 */
export async function findDrift(
  manifest: string,
  { release, namespace }: Pick<Inputs, 'release' | 'namespace'>,
  api: Pick<KubeApi, 'get' | 'attempt'>,
): Promise<Omit<Drift, 'revision'>> {
  const objects = parseManifest(manifest);
  const [served, autoscaled] = await Promise.all([discover(api), autoscaledBy(api, namespace)]);
  const { known } =
    served === undefined ? { known: [] } : sortByKind(objects, { served, namespace });
  // What runs comes first: the first one is what people read.
  const inOrder = known.toSorted((a, b) => rankOf(a) - rankOf(b));
  const options = { release, namespace, autoscaled, verb: 'upgrade', force: 'always' } as const;
  const compared = await compareObjects(api, inOrder, options);
  const judged = compared.map((one, index) => judge(one, inOrder[index], autoscaled));
  const reached = new Set(known.map(({ object }) => object));
  const unreached = objects.filter((object) => !reached.has(object)).map(notServed(namespace));
  const only = (kind: Judged['kind']) =>
    judged.filter((one) => one.kind === kind).map(({ change }) => change);
  return {
    drifted: only('drifted'),
    unknown: [...only('unknown'), ...unreached],
    excused: judged.flatMap(({ excuse }) => (excuse === undefined ? [] : [excuse])),
    compared: known.length,
  };
}

function rankOf({ object }: Known): number {
  return podTemplateOf(object) === undefined ? 1 : 0;
}

interface Judged {
  readonly kind: 'drifted' | 'unknown' | 'same';
  readonly change: ObjectChange;
  readonly excuse?: string;
}

function judge(
  { change }: Compared,
  known: Known | undefined,
  autoscaled: ReadonlyMap<string, string>,
): Judged {
  const { object } = change;
  if (change.change === 'unknown') return { kind: 'unknown', change };
  if (change.change === 'added') {
    if (known !== undefined && vanishes(known.object)) {
      const excuse = `${object} is over, and its time to live has taken it away.`;
      return { kind: 'same', change, excuse };
    }
    return { kind: 'drifted', change: { ...change, change: 'removed', note: 'it was deleted' } };
  }
  const scaler = autoscaled.get(object);
  const fields = change.fields.filter(({ path }) => !(scaler && path === 'spec.replicas'));
  const excuse =
    fields.length === change.fields.length
      ? {}
      : { excuse: `${object}: ${scaler} sets its replicas.` };
  return fields.length === 0
    ? { kind: 'same', change, ...excuse }
    : { kind: 'drifted', change: { ...change, fields }, ...excuse };
}

/** A Job that ended well may go by itself. */
function vanishes(object: KubeObject): boolean {
  return object.kind === 'Job' && typeof at(object, 'spec', 'ttlSecondsAfterFinished') === 'number';
}

function notServed(namespace: string) {
  return (object: KubeObject): ObjectChange => ({
    ...{ object: nameOf(object), apiVersion: object.apiVersion },
    ...{ namespace: object.metadata.namespace ?? namespace, fields: [], seen: undefined },
    ...{ change: 'unknown', note: `the cluster does not serve ${object.apiVersion} any more` },
  });
}
