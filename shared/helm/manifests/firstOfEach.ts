import { Failure } from '../../failure/Failure.ts';
import { groupOf, type ManifestObject, objectName } from './ManifestObject.ts';

/**
 * Each object once: of two that are the same, a cluster would keep the one that came last.
 *
 * @param namespace in which those without one are
 * @param problems gets a failure for each that stands again
 */
export function firstOfEach(
  objects: readonly ManifestObject[],
  namespace: string,
  problems: Failure[],
): readonly ManifestObject[] {
  const seen = new Map<string, ManifestObject>();
  for (const object of objects) {
    const key = [
      groupOf(object.apiVersion),
      object.kind,
      object.namespace ?? namespace,
      object.name,
    ].join(' ');
    const first = seen.get(key);
    if (first === undefined) {
      seen.set(key, object);
      continue;
    }
    const { file, line } = object;
    problems.push(
      new Failure({
        what: `${file}:${line}: ${objectName(object)} stands already in ${first.file}:${first.line}.`,
        remedy: 'Take out one of them; the cluster would keep the last one only.',
        place: { file, line },
      }),
    );
  }
  return [...seen.values()];
}
