/** A kind of objects in the API of a cluster. */
export interface Resource {
  /** `''` is the core group. */
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  /** What serves it, for a remedy; `undefined` for what each cluster has. */
  readonly from?: string;
}

export const podResource: Resource = { group: '', version: 'v1', plural: 'pods' };

/** Below the API server's address; without a namespace it is the whole cluster. */
export function listPath({ group, version, plural }: Resource, namespace?: string): string {
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  const within = namespace === undefined ? '' : `/namespaces/${encodeURIComponent(namespace)}`;
  return `${root}${within}/${plural}`;
}

/** As `kubectl` names it: `vulnerabilityreports.aquasecurity.github.io`. */
export function resourceName({ group, plural }: Resource): string {
  return group === '' ? plural : `${plural}.${group}`;
}
