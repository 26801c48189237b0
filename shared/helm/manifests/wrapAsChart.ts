import { createHash } from 'node:crypto';
import { goJson } from '../goJson.ts';
import { type ManifestObject, objectName } from './ManifestObject.ts';

export interface Wrapped {
  /** The chart is called so. */
  readonly release: string;
  /** Where the objects come from, for a person who looks at the release. */
  readonly from: string;
  readonly objects: readonly ManifestObject[];
  /** What is deployed beside the release; another one makes another version. */
  readonly beside?: readonly ManifestObject[];
}

/**
 * A chart whose templates are these objects, to the byte: by path, the texts of its files. So
 * manifests have what a release has: history, rollback, and the removal of what left the source.
 *
 * The objects are values, not files, of the chart: Helm keeps files as base64, which does not become
 * smaller beside the manifest in its Secret of at most 1 MiB. The same objects make the same version.
 */
export function wrapAsChart({
  release: name,
  from,
  objects,
  beside = [],
}: Wrapped): ReadonlyMap<string, string> {
  const byFile = Map.groupBy(objects, ({ file }) => file);
  const values: Record<string, Record<string, string>> = {};
  const files = new Map<string, string>();
  for (const [index, [file, own]] of [...byFile].entries()) {
    const key = `file${index}`;
    values[key] = Object.fromEntries(
      own.map((object, position) => [
        `${String(position).padStart(5, '0')} ${objectName(object)}`,
        object.text,
      ]),
    );
    files.set(`templates/${templateName(file, index)}`, template(key));
  }
  const text = goJson(values);
  const others = beside.map((object) => object.text).join();
  const version = `0.1.0+${createHash('sha256').update(text).update(others).digest('hex').slice(0, 12)}`;
  const description = `Manifests of ${from}`;
  files.set('Chart.yaml', JSON.stringify({ apiVersion: 'v2', name, version, description }));
  // JSON is YAML.
  files.set('values.yaml', text);
  return files;
}

/** Go's templates go through the keys in their order. */
function template(key: string): string {
  return `{{ range .Values.${key} }}---\n{{ . }}\n{{ end }}`;
}

/** Helm names the template where it speaks of an object. */
function templateName(file: string, index: number): string {
  const safe = file.replace(/\.(ya?ml|json)$/, '').replace(/[^A-Za-z0-9.-]+/g, '-');
  return `${String(index).padStart(3, '0')}-${safe.replace(/^-|-$/g, '').slice(-60)}.yaml`;
}
