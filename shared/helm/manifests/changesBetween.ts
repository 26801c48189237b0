import type { ChangedField } from '../../kube/changedFields.ts';
import { fieldChanges } from '../../kube/compare/fieldChanges.ts';
import { type KubeObject, nameOf } from '../../kube/preflight/KubeObject.ts';
import { parseManifest } from '../../kube/preflight/parseManifest.ts';

/** One object in which two revisions differ. Values that may be secret are left out. */
export interface RevisionChange {
  /** `Deployment/web` */
  readonly object: string;
  readonly change: 'added' | 'changed' | 'removed';
  readonly fields: readonly ChangedField[];
}

/**
 * What differs between the manifests of two revisions. Documents that are the same text in both are not
 * read: of hundreds of objects mostly one changes.
 *
 * @throws {Error} of the reader, when one is not YAML
 */
export function changesBetween(before: string, after: string): readonly RevisionChange[] {
  const [old, now] = [documentsOf(before), documentsOf(after)];
  const was = objectsOf(old.filter((text) => !now.includes(text)));
  const is = objectsOf(now.filter((text) => !old.includes(text)));
  const keys = [...new Set([...was.keys(), ...is.keys()])].sort();
  return keys.flatMap((key): RevisionChange[] => {
    const [one, other] = [was.get(key), is.get(key)];
    const object = nameOf((other ?? one) as KubeObject);
    if (one === undefined) return [{ object, change: 'added', fields: [] }];
    if (other === undefined) return [{ object, change: 'removed', fields: [] }];
    const fields = fieldChanges(one, other);
    return fields.length === 0 ? [] : [{ object, change: 'changed', fields }];
  });
}

function documentsOf(manifest: string): readonly string[] {
  return manifest.split(/^---$/m).map((text) => text.trim());
}

function objectsOf(documents: readonly string[]): ReadonlyMap<string, KubeObject> {
  const objects = parseManifest(documents.join('\n---\n'));
  return new Map(
    objects.map((object) => [`${nameOf(object)} ${object.metadata.namespace ?? ''}`, object]),
  );
}
