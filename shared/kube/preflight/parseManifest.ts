import { parseAllDocuments, type Tags } from 'yaml';
import { at, type KubeObject } from './KubeObject.ts';

/**
 * Go's reader, which Helm uses, knows octal numbers and `yes` of YAML 1.1 (`defaultMode: 0644`), but
 * neither its numbers to the base of 60 (`10:30`) nor its times.
 */
function withoutTimes(tags: Tags): Tags {
  return tags.filter(
    (tag) =>
      typeof tag === 'string' ||
      !(('format' in tag && tag.format === 'TIME') || tag.tag.endsWith(':timestamp')),
  );
}

/**
 * The objects of a rendered chart; those in a `List` come one by one. What is not an object of
 * Kubernetes (an empty document, one without a kind) is left to Helm to judge.
 *
 * @throws {Error} of the reader, when it is not YAML
 */
export function parseManifest(text: string): KubeObject[] {
  const documents = parseAllDocuments(text, {
    version: '1.1',
    uniqueKeys: false,
    merge: true,
    logLevel: 'error',
    customTags: withoutTimes,
  });
  // Of an empty text there is an object in place of a list.
  if (!Array.isArray(documents)) return [];
  return documents.flatMap((document) => {
    if (document.errors[0] !== undefined) throw document.errors[0];
    return objectsIn(document.toJS({ maxAliasCount: -1 }));
  });
}

function objectsIn(value: unknown): KubeObject[] {
  const kind = at(value, 'kind');
  if (typeof kind !== 'string' || typeof at(value, 'apiVersion') !== 'string') return [];
  const items = at(value, 'items');
  if (kind.endsWith('List') && Array.isArray(items)) return items.flatMap(objectsIn);
  const object = value as KubeObject;
  return [
    typeof object.metadata === 'object' && object.metadata !== null
      ? object
      : { ...object, metadata: {} },
  ];
}
