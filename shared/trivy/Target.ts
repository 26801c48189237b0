import { formatReference, type PinnedReference } from '../oci/Reference.ts';

/** What Trivy looks for. */
export const scanners = ['vuln', 'misconfig', 'secret', 'license'] as const;

export type Scanner = (typeof scanners)[number];

interface OnDisk {
  /** Absolute: Trivy runs in a folder of ours, so that no file of the workspace is obeyed. */
  readonly path: string;
  /** As a person names it; the path, where it is left out. */
  readonly name?: string | undefined;
}

/** An image of a registry, by its digest, or by that of an index that holds it. */
export interface ImageTarget {
  readonly kind: 'image';
  readonly image: PinnedReference;
  /** Only this image of an index, as `os/architecture[/variant]`; all of them without it. */
  readonly platform?: string | undefined;
}

/** A tar file, as `docker save` or BuildKit (`type=docker`, `type=oci`) writes it. */
export interface ArchiveTarget extends OnDisk {
  readonly kind: 'archive';
  readonly platform?: string | undefined;
}

/** An OCI image layout in a folder. */
export interface LayoutTarget extends OnDisk {
  readonly kind: 'layout';
  readonly platform?: string | undefined;
}

export interface RepositoryTarget {
  readonly kind: 'repository';
  /** An absolute path, or an https URL, which Trivy clones. */
  readonly at: string;
  /** As a person names it; the path or URL, where it is left out. */
  readonly name?: string | undefined;
  readonly branch?: string | undefined;
  readonly tag?: string | undefined;
  readonly commit?: string | undefined;
}

/** A report that Trivy made elsewhere: nothing is scanned. */
export interface ReportTarget extends OnDisk {
  readonly kind: 'report';
  /** The image that it has to be about. */
  readonly image?: PinnedReference | undefined;
  /** How old it may be. */
  readonly maxAgeMs?: number | undefined;
}

/** What is inspected. */
export type Target =
  | ImageTarget
  | ArchiveTarget
  | LayoutTarget
  | (OnDisk & { readonly kind: 'filesystem' })
  | RepositoryTarget
  /** Terraform, Kubernetes, Helm, Dockerfiles and the like. */
  | (OnDisk & { readonly kind: 'config' })
  /** CycloneDX or SPDX. */
  | (OnDisk & { readonly kind: 'sbom' })
  | ReportTarget;

/** What Trivy is started for: one image at a time, and no report of another run. */
export type Scannable = Exclude<Target, ReportTarget>;

/** What is looked for where nobody said it: what is sure to be wanted, and cheap. */
export function defaultScanners({ kind }: Pick<Target, 'kind'>): readonly Scanner[] {
  if (kind === 'config') return ['misconfig'];
  return kind === 'filesystem' || kind === 'repository' ? ['vuln', 'secret'] : ['vuln'];
}

/** What Trivy can look for there; the rest it would ignore without a word. */
export function possibleScanners({ kind }: Pick<Target, 'kind'>): readonly Scanner[] {
  if (kind === 'config') return ['misconfig'];
  return kind === 'sbom' ? ['vuln', 'license'] : scanners;
}

/** As a person names it. */
export function subjectOf(target: Target): string {
  if (target.kind === 'image') return formatReference(target.image);
  return target.name ?? (target.kind === 'repository' ? target.at : target.path);
}
