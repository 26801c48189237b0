import * as v from 'valibot';
import type { ManifestObject } from './ManifestObject.ts';

const word = v.pipe(v.string(), v.nonEmpty());
const head = v.object({
  apiVersion: word,
  kind: word,
  metadata: v.object({ name: word, namespace: v.nullish(word) }),
});
const keys = ['apiVersion', 'kind', 'metadata.name'];

/** Read by kustomize, not by a cluster. */
const ofKustomize = /^kustomize\.config\.k8s\.io\//;

/**
 * Which object this is, or what it lacks of one.
 *
 * @param problem is told what is wrong
 */
export function identify(
  value: unknown,
  problem: (what: string, remedy: string) => void,
): Pick<ManifestObject, 'apiVersion' | 'kind' | 'name' | 'namespace'> | undefined {
  const read = v.safeParse(head, value);
  if (!read.success) {
    const missing = new Set(read.issues.map((issue) => v.getDotPath(issue) ?? ''));
    const named = keys.filter((key) => missing.has(key) || missing.has(key.split('.')[0] ?? ''));
    problem(
      `it is not an object of Kubernetes: ${named.length === 0 ? 'it is no mapping with text' : `no ${named.join(', no ')}`}.`,
      'Write apiVersion, kind and metadata.name; take files of another kind out of the folder.',
    );
    return undefined;
  }
  const { apiVersion, kind, metadata } = read.output;
  if (ofKustomize.test(apiVersion)) {
    problem(
      `it is a ${kind}, which kustomize reads and no cluster.`,
      'Name the folder in which it lies, by itself, in `chart`.',
    );
    return undefined;
  }
  return { apiVersion, kind, name: metadata.name, namespace: metadata.namespace ?? undefined };
}
