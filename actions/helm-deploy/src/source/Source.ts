/** Where what is deployed comes from. */
export type Source =
  /** A chart's folder or archive in the workspace; the checkout pins it. */
  | { readonly kind: 'local'; readonly path: string }
  /** A chart of a registry, a chart repository, or at an address. */
  | RemoteChart
  /** Objects, which become a chart. */
  | { readonly kind: 'manifests' | 'kustomization'; readonly path: string };

export interface RemoteChart {
  readonly kind: 'remote';
  /** An `oci://` or `https://` address, or the chart's name in the repository. */
  readonly chart: string;
  readonly repository: string | undefined;
  /** One version or a range. */
  readonly version: string | undefined;
  /** `sha256:…` of the archive as it has to come. */
  readonly digest: string | undefined;
}

/** One version, and not the newest of a range. */
const exact = /^v?\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/;

/** Why the same address may give another chart tomorrow; `undefined` when it cannot. */
export function whyUnpinned({ chart, version, digest }: RemoteChart): string | undefined {
  if (digest !== undefined || chart.includes('@sha256:')) return undefined;
  const tag = /^oci:\/\/.*\/[^/:]+:([^/:]+)$/.exec(chart)?.[1];
  const wanted = version ?? tag?.replaceAll('_', '+');
  if (/^https?:/.test(chart)) return 'what lies at an address can be exchanged';
  if (wanted === undefined) return 'it has no version';
  return exact.test(wanted) ? undefined : `${wanted} is not one version`;
}
