import { formatReference } from '../oci/Reference.ts';
import { childEnvironment, type Environment } from '../process/childEnvironment.ts';
import type { ScanOptions } from './ScanOptions.ts';
import type { Scannable, Scanner } from './Target.ts';

/** Files of ours that say nothing, in place of those of the same purpose that may lie about. */
export interface BlankFiles {
  readonly config: string;
  readonly ignore: string;
  readonly secret: string;
}

/** What all scans share. */
export interface TrivyPlan {
  /** The folder that holds the database, as `db/`. */
  readonly cacheDir: string;
  /** A file of certificate authorities, PEM, besides those of the system. */
  readonly caFile: string | undefined;
  /** Trivy's own limit; ours comes first and says more. */
  readonly timeoutMs: number;
  readonly blank: BlankFiles;
}

export interface ScanPlan extends TrivyPlan {
  readonly target: Scannable;
  readonly scanners: readonly Scanner[];
  readonly options?: ScanOptions | undefined;
  /** Where the report is written. */
  readonly output: string;
  /**
   * Whether what was found in each layer is kept for the next scan of this machine. Trivy locks that
   * file, so only one scan at a time may.
   */
  readonly keepLayers: boolean;
}

/**
 * One scan to JSON of everything that is asked for: policy is ours and applied to the report. Each
 * command of Trivy refuses what only another one knows.
 */
export function scanArgs({ target, scanners, options = {}, output, ...plan }: ScanPlan): string[] {
  const common = [
    ...commonArgs(plan),
    `--timeout=${plan.timeoutMs}ms`,
    '--disable-telemetry',
    '--skip-version-check',
    ...value('cacert', plan.caFile),
    '--format=json',
    `--output=${output}`,
    ...list('file-patterns', options.filePatterns),
  ];
  const knowledge = knowledgeArgs(scanners, options);
  const files = fileArgs(plan, options);
  const secrets = [
    `--secret-config=${options.secretConfig ?? plan.blank.secret}`,
    ...flag('license-full', options.licenseFull),
  ];
  switch (target.kind) {
    case 'config':
      return ['config', ...common, ...debug, ...files, ...templateArgs(options), '--', target.path];
    case 'sbom':
      return ['sbom', ...common, ...debug, ...knowledge, '--', target.path];
    case 'filesystem':
    case 'repository':
      return [
        target.kind,
        ...[...common, ...debug, ...knowledge, ...secrets, ...files, ...templateArgs(options)],
        ...flag('include-dev-deps', options.devDependencies),
        ...(target.kind === 'repository'
          ? [
              ...value('branch', target.branch),
              ...value('tag', target.tag),
              ...value('commit', target.commit),
              ...['--', target.at],
            ]
          : ['--', target.path]),
      ];
    default:
      return [
        'image',
        ...[...common, ...knowledge, ...secrets, ...files],
        `--cache-backend=${plan.keepLayers ? 'fs' : 'memory'}`,
        ...list('image-config-scanners', scanners.filter(isOfConfig)),
        ...value('max-image-size', options.maxImageSize),
        ...imageArgs(target),
      ];
  }
}

/** Makes another document of a report, such as an SBOM; nothing is scanned. */
export function convertArgs(
  plan: Pick<TrivyPlan, 'cacheDir' | 'blank'>,
  { report, format, output }: { report: string; format: string; output: string },
): string[] {
  return ['convert', ...commonArgs(plan), `--format=${format}`, `--output=${output}`, '--', report];
}

/** Without it Trivy does not say which files it could not read. */
const debug = ['--debug'];

const isOfConfig = (scanner: Scanner) => scanner === 'misconfig' || scanner === 'secret';

function commonArgs({ cacheDir, blank }: Pick<TrivyPlan, 'cacheDir' | 'blank'>): string[] {
  return [`--cache-dir=${cacheDir}`, `--config=${blank.config}`, `--ignorefile=${blank.ignore}`];
}

/** Of `--skip-java-db-update`: that database is 700 MB, and few images need it. */
function knowledgeArgs(scanners: readonly Scanner[], options: ScanOptions): string[] {
  return [
    `--scanners=${scanners.join(',')}`,
    `--pkg-types=${(options.packageTypes ?? ['os', 'library']).join(',')}`,
    '--list-all-pkgs',
    '--no-progress',
    '--skip-db-update',
    '--skip-java-db-update',
    ...flag('offline-scan', options.offline),
  ];
}

function fileArgs({ cacheDir }: TrivyPlan, options: ScanOptions): string[] {
  return [
    // Modules of the user's home could change what is found.
    `--module-dir=${cacheDir}/no-modules`,
    // Checks that come from elsewhere could not be told from those of the pinned Trivy.
    '--skip-check-update',
    ...list('skip-dirs', options.skipDirs),
    ...list('skip-files', options.skipFiles),
    ...list('misconfig-scanners', options.misconfigScanners),
    ...list('config-check', options.checks),
    ...list('check-namespaces', options.checkNamespaces),
    ...list('helm-values', options.helmValues),
    ...list('helm-set', options.helmSet),
    ...value('helm-kube-version', options.kubernetesVersion),
    ...flag('tf-exclude-downloaded-modules', options.skipDownloadedModules),
  ];
}

function templateArgs({ terraformVariables }: ScanOptions): string[] {
  return list('tf-vars', terraformVariables);
}

/** `remote` alone, since an engine on this machine may hold another image under that name. */
function imageArgs(target: Extract<Scannable, { kind: 'image' | 'archive' | 'layout' }>): string[] {
  return target.kind === 'image'
    ? [
        '--image-src=remote',
        ...value('platform', target.platform),
        '--',
        formatReference(target.image),
      ]
    : [`--input=${target.path}`];
}

/** One argument an item: Trivy would take a comma in a single one for the border of two. */
function list(name: string, items: readonly string[] = []): string[] {
  return items.map((item) => `--${name}=${quoted(item)}`);
}

function value(name: string, item: string | undefined): string[] {
  return item === undefined ? [] : [`--${name}=${item}`];
}

function flag(name: string, set = false): string[] {
  return set ? [`--${name}`] : [];
}

/** Lists of Trivy are read as CSV. */
function quoted(item: string): string {
  return /[",\n]/.test(item) ? `"${item.replaceAll('"', '""')}"` : item;
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
