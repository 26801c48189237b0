import { isDeepStrictEqual } from 'node:util';
import { parseAllDocuments } from 'yaml';

interface Named {
  readonly kind?: string;
  readonly metadata?: { readonly name?: string; readonly namespace?: string };
}

/**
 * The objects in which two manifests of a release differ, as `Kind/name`: changed, added or removed.
 * Comments, order and the way in which they are written do not count.
 */
export function changedObjects(before: string, after: string): readonly string[] {
  const [old, now] = [objectsOf(before), objectsOf(after)];
  const keys = new Set([...old.keys(), ...now.keys()]);
  const changed = [...keys].filter((key) => !isDeepStrictEqual(old.get(key), now.get(key)));
  return [...new Set(changed.map((key) => key.split(' ')[0] ?? key))].sort();
}

function objectsOf(manifest: string): ReadonlyMap<string, unknown> {
  const documents = parseAllDocuments(manifest, {
    ...{ version: '1.1', uniqueKeys: false, logLevel: 'error', prettyErrors: false },
  });
  const objects = [...documents].flatMap((document) => {
    const value = document.toJS({ maxAliasCount: 100 }) as Named | null;
    if (value === null) return [];
    const { kind = '', metadata: { name = '', namespace = '' } = {} } = value;
    return [[`${kind}/${name} ${namespace}`, value] as const];
  });
  return new Map(objects);
}
