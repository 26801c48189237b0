import { createHash } from 'node:crypto';
import { at, type KubeObject } from '../preflight/KubeObject.ts';
import type { Seen } from './ObjectChange.ts';

/** What the server and controllers keep about an object, and nobody wrote. */
const kept = [
  'managedFields',
  'resourceVersion',
  'generation',
  'uid',
  'creationTimestamp',
  'selfLink',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
];
const noted = [
  'deployment.kubernetes.io/revision',
  'kubectl.kubernetes.io/last-applied-configuration',
  'autoscaling.alpha.kubernetes.io/conditions',
  'autoscaling.alpha.kubernetes.io/current-metrics',
];

/**
 * An object without what changes by itself: its state, and how the server counts it.
 *
 * @param autoscaled whether something else decides how many replicas it has
 */
export function plainObject(object: KubeObject, autoscaled = false): KubeObject {
  const { status: _, ...rest } = object;
  const metadata = without(rest.metadata, kept) as KubeObject['metadata'];
  const { annotations } = metadata;
  const { spec } = rest;
  return {
    ...rest,
    ...(autoscaled &&
      typeof spec === 'object' &&
      spec !== null && { spec: without(spec, ['replicas']) }),
    metadata: annotations ? { ...metadata, annotations: without(annotations, noted) } : metadata,
  } as KubeObject;
}

/** By what a live object is known again. Of a Secret no digest is kept: short values could be guessed by it. */
export function seenOf(live: KubeObject, autoscaled: boolean): Seen {
  const uid = String(at(live, 'metadata', 'uid'));
  if (live.kind === 'Secret') {
    return { uid, state: `version ${String(at(live, 'metadata', 'resourceVersion'))}` };
  }
  const text = JSON.stringify(plainObject(live, autoscaled), sorted);
  return { uid, state: `sha256:${createHash('sha256').update(text).digest('hex')}` };
}

function without(object: object, keys: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)));
}

/** Keys in one order, whatever the server's. */
function sorted(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
