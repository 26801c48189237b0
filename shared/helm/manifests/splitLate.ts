import { definedKinds, kindKey } from './definedKinds.ts';
import { groupOf, type ManifestObject } from './ManifestObject.ts';

export interface Split {
  /** What the cluster takes now. */
  readonly now: readonly ManifestObject[];
  /** What it takes once their kinds are served. */
  readonly late: readonly ManifestObject[];
  /** Of the late ones, those whose kinds nothing among the objects can bring. */
  readonly never: readonly ManifestObject[];
}

/** Whose programs may define kinds when they start. */
const workloads = /^(Deployment|StatefulSet|DaemonSet|ReplicaSet|Pod|Job)$/;

/**
 * Holds back the objects whose kinds the cluster does not serve yet: a custom resource beside its
 * definition, a constraint beside its template, or what an operator defines when it starts.
 *
 * @param isServed of the cluster, now
 */
export function splitLate(
  objects: readonly ManifestObject[],
  isServed: (kind: Pick<ManifestObject, 'apiVersion' | 'kind'>) => boolean,
): Split {
  const late = objects.filter((object) => !isServed(object));
  if (late.length === 0) return { now: objects, late: [], never: [] };
  const now = objects.filter(isServed);
  const defined = definedKinds(objects);
  const starts = now.some(({ kind }) => workloads.test(kind));
  const never = starts
    ? []
    : late.filter(({ apiVersion, kind }) => !defined.has(`${groupOf(apiVersion)} ${kind}`));
  return { now, late, never };
}

/** The kinds of objects, each once. */
export function kindsOf(objects: readonly ManifestObject[]): readonly string[] {
  return [...new Set(objects.map(kindKey))];
}
