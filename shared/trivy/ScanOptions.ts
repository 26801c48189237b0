/** What a step may choose of how it is scanned. It decides what is seen, never what counts. */
export interface ScanOptions {
  readonly skipDirs?: readonly string[];
  readonly skipFiles?: readonly string[];
  readonly packageTypes?: readonly ('os' | 'library')[];
  /** As `dockerfile:.*\.docker`. */
  readonly filePatterns?: readonly string[];
  /** Whether what is only used for development and tests is looked at, too. */
  readonly devDependencies?: boolean;
  readonly misconfigScanners?: readonly string[];
  /** Files or folders of checks in Rego. */
  readonly checks?: readonly string[];
  readonly checkNamespaces?: readonly string[];
  readonly terraformVariables?: readonly string[];
  readonly skipDownloadedModules?: boolean;
  readonly helmValues?: readonly string[];
  readonly helmSet?: readonly string[];
  readonly kubernetesVersion?: string | undefined;
  /** Rules for secrets. */
  readonly secretConfig?: string | undefined;
  /** Whether licences are also looked for in the text of files. */
  readonly licenseFull?: boolean;
  /** As `2GB`: a larger image is refused before it fills the disk. */
  readonly maxImageSize?: string | undefined;
  /** Whether Trivy may ask package registries about dependencies (Maven's parents). */
  readonly offline?: boolean;
}
