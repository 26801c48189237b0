import { at, type KubeObject } from './KubeObject.ts';

/**
 * How many pods an object makes beside those that are there, before any of them goes.
 *
 * @param object as the server would have it after the change
 */
export function podsToCome(object: KubeObject): number {
  const { kind, metadata } = object;
  const desired = number(at(object, 'spec', 'replicas'), 1);
  const seen = at(object, 'status', 'observedGeneration');
  const isNew = seen === undefined;
  if (kind === 'Job')
    return Math.min(
      number(at(object, 'spec', 'parallelism'), 1),
      number(at(object, 'spec', 'completions'), Infinity),
    );
  if (kind === 'DaemonSet') return isNew ? 1 : 0;
  if (!['Deployment', 'StatefulSet', 'ReplicaSet', 'ReplicationController'].includes(kind))
    return 0;
  if (isNew) return desired;
  const growth = Math.max(0, desired - number(at(object, 'status', 'replicas'), 0));
  // The server counts the generation up when the spec changes, in a dry run as well.
  if (seen === metadata.generation || kind !== 'Deployment') return growth;
  return (
    growth +
    (freesFirst(object, desired)
      ? 0
      : share(at(object, ...rolling, 'maxSurge'), desired, Math.ceil))
  );
}

/** Whether an object makes any pod at all now: one that does not change keeps those that it has. */
export function makesPods(object: KubeObject): boolean {
  if (at(object, 'spec', 'replicas') === 0) return false;
  const seen = at(object, 'status', 'observedGeneration');
  return seen === undefined || seen !== object.metadata.generation || podsToCome(object) > 0;
}

const rolling = ['spec', 'strategy', 'rollingUpdate'] as const;

/** Whether an update may take old pods away before new ones are there. */
function freesFirst(object: KubeObject, desired: number): boolean {
  if (at(object, 'spec', 'strategy', 'type') === 'Recreate') return true;
  return share(at(object, ...rolling, 'maxUnavailable'), desired, Math.floor) > 0;
}

/** Of a number, or of a percentage of the replicas. */
function share(value: unknown, of: number, round: (value: number) => number): number {
  if (typeof value === 'number') return value;
  const percent = Number.parseFloat(typeof value === 'string' ? value : '25%');
  return round((percent / 100) * of);
}

function number(value: unknown, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise;
}
