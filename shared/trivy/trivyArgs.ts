import { formatReference, type PinnedReference } from '../oci/Reference.ts';
import { childEnvironment, type Environment } from '../process/childEnvironment.ts';

/** What the two commands of Trivy share. */
export interface TrivyPlan {
  /** The folder that holds the database, as `db/`. */
  readonly cacheDir: string;
  /** A file of certificate authorities, PEM, besides those of the system. */
  readonly caFile: string | undefined;
  /** Trivy's own limit; ours comes first and says more. */
  readonly timeoutMs: number;
}

export interface ScanPlan extends TrivyPlan {
  readonly image: PinnedReference;
  /** Which image of an index, as `os/architecture[/variant]`. */
  readonly platform: string | undefined;
  /** Where the report is written. */
  readonly output: string;
  /**
   * Whether what was found in each layer is kept for the next scan of this machine. Trivy locks that
   * file, so only one scan at a time may.
   */
  readonly keepLayers: boolean;
}

export interface DownloadPlan extends TrivyPlan {
  readonly repository: PinnedReference;
}

/**
 * One scan to JSON of everything that Trivy knows of the image: policy is ours and applied to the
 * report. `remote` is the only source, since an engine on this machine may hold another image under
 * that name.
 */
export function scanArgs({ image, platform, output, keepLayers, ...plan }: ScanPlan): string[] {
  return [
    'image',
    ...commonArgs(plan),
    '--format=json',
    `--output=${output}`,
    '--scanners=vuln',
    '--pkg-types=os,library',
    '--list-all-pkgs',
    '--image-src=remote',
    `--cache-backend=${keepLayers ? 'fs' : 'memory'}`,
    '--skip-db-update',
    ...(platform === undefined ? [] : [`--platform=${platform}`]),
    '--',
    formatReference(image),
  ];
}

/** Fetches the database of that digest into the cache folder. */
export function downloadArgs({ repository, ...plan }: DownloadPlan): string[] {
  return [
    'image',
    ...commonArgs(plan),
    '--download-db-only',
    `--db-repository=${formatReference(repository)}`,
  ];
}

function commonArgs({ cacheDir, caFile, timeoutMs }: TrivyPlan): string[] {
  return [
    `--cache-dir=${cacheDir}`,
    `--timeout=${timeoutMs}ms`,
    '--no-progress',
    '--disable-telemetry',
    '--skip-version-check',
    // Modules of the user's home could change what is found.
    `--module-dir=${cacheDir}/no-modules`,
    ...(caFile === undefined ? [] : [`--cacert=${caFile}`]),
  ];
}

/**
 * What Trivy may see: where the registry's login is, and where to write. Its own variables
 * (`TRIVY_*`) stay outside, since each of them could change the verdict behind the policy's back.
 */
export function trivyEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  tempDir: string,
): Environment {
  return childEnvironment(env, { DOCKER_CONFIG: env.DOCKER_CONFIG, TMPDIR: tempDir });
}
