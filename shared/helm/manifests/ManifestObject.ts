/** One object of a manifest, with its text as a person or kustomize wrote it. */
export interface ManifestObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  /** `undefined` where the manifest leaves it to the release. */
  readonly namespace: string | undefined;
  /** As the source has it: Helm's reader and ours differ in `yes`, `0644` and the like. */
  readonly text: string;
  /** The file as messages name it, and where the object begins there (from 1). */
  readonly file: string;
  readonly line: number;
}

/** Kind and name, as messages name an object. */
export function objectName({ kind, name }: Pick<ManifestObject, 'kind' | 'name'>): string {
  return `${kind}/${name}`;
}

/** The API group: everything before the slash, nothing for the core group. */
export function groupOf(apiVersion: string): string {
  return apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '';
}
