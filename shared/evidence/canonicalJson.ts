import { digestOf } from '../oci/putManifest.ts';
import type { Digest } from '../oci/Reference.ts';

/**
 * JSON that is the same for the same content: keys in order, sets as ordered lists, what is
 * `undefined` left out. Lists keep their order.
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => {
    if (part instanceof Set) return [...part].sort();
    if (part instanceof Map) return sorted(Object.fromEntries(part));
    if (part === null || typeof part !== 'object' || Array.isArray(part)) return part;
    return sorted(part);
  });
}

/** What names a content such as a policy, however it is written down. */
export function canonicalDigest(value: unknown): Digest {
  return digestOf(canonicalJson(value) ?? '');
}

function sorted(object: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)));
}
