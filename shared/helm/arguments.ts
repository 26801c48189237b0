/** What `helm upgrade` is told. Values never stand here: they come in files. */
export interface UpgradePlan {
  readonly release: string;
  readonly namespace: string;
  readonly createNamespace: boolean;
  /** A folder, an archive or an `oci://` address. */
  readonly chart: string;
  /** In the order in which they are merged, the last one wins. */
  readonly valueFiles: readonly string[];
  readonly timeoutMs: number;
  /** Whether the chart's `crds` folder is left alone. */
  readonly skipCrds?: boolean;
  /** Whether objects that are there and belong to no release become those of this one. */
  readonly takeOwnership?: boolean;
  readonly postRender?: PostRender;
}

/** A program through which Helm sends what it rendered: `tee` keeps it, `cat` gives another text. */
export interface PostRender {
  readonly program: 'tee' | 'cat';
  readonly file: string;
}

/** Which Helm it is: their command lines differ. */
export type HelmMajor = 3 | 4;

/** Helm 4 takes a plug-in of this name where Helm 3 takes a program. */
export function postRendererPlugin(program: PostRender['program']): string {
  return `platform-actions-${program}`;
}

/**
 * The command line of an upgrade that waits. It has none of Helm's own rollback flags: the evidence
 * is gathered first, then we roll back.
 */
export function upgradeArguments(plan: UpgradePlan, major: HelmMajor = 4): string[] {
  return [
    'upgrade',
    plan.release,
    plan.chart,
    '--install',
    '--namespace',
    plan.namespace,
    ...(plan.createNamespace ? ['--create-namespace'] : []),
    ...plan.valueFiles.flatMap((file) => ['--values', file]),
    '--wait',
    '--timeout',
    duration(plan.timeoutMs),
    // Without values of its own Helm would silently take those of the release before.
    '--reset-values',
    // Notes can hold passwords.
    '--hide-notes',
    ...(plan.skipCrds ? ['--skip-crds'] : []),
    ...(plan.takeOwnership ? takingOver(major) : []),
    ...postRendering(plan.postRender, major),
  ];
}

/** What a chart may ask of the cluster (`.Capabilities`), and which of Helm's two verbs it is rendered for. */
export interface RenderedFor {
  /** Without a cluster, what Helm itself takes for one. */
  readonly kubeVersion?: string;
  readonly apiVersions: readonly string[];
  readonly verb: 'install' | 'upgrade';
  /** Whether its tests are rendered as well, which run when they are asked for. */
  readonly tests?: boolean;
}

/** One argument may not be endless. */
const namesAnArgument = 500;

/**
 * The command line that renders a chart, hooks and definitions too, without asking the cluster: Helm
 * would ask it for all its kinds, which takes longer than all the rest.
 */
export function templateArguments(
  plan: UpgradePlan,
  { kubeVersion, apiVersions, verb, tests = false }: RenderedFor,
  major: HelmMajor = 4,
): string[] {
  const lists = Array.from(
    { length: Math.ceil(apiVersions.length / namesAnArgument) },
    (_, index) =>
      apiVersions.slice(index * namesAnArgument, (index + 1) * namesAnArgument).join(','),
  );
  return [
    'template',
    plan.release,
    plan.chart,
    '--namespace',
    plan.namespace,
    ...plan.valueFiles.flatMap((file) => ['--values', file]),
    '--include-crds',
    ...(tests ? [] : ['--skip-tests']),
    ...(verb === 'upgrade' ? ['--is-upgrade'] : []),
    ...(kubeVersion === undefined ? [] : ['--kube-version', kubeVersion]),
    ...lists.flatMap((list) => ['--api-versions', list]),
    ...postRendering(plan.postRender, major),
  ];
}

/**
 * Helm 4 applies on the server, where the fields belong to whoever applied them before. A release that
 * was applied by the client so far changes over.
 */
function takingOver(major: HelmMajor): string[] {
  const forced = major === 4 ? ['--server-side=true', '--force-conflicts'] : [];
  return ['--take-ownership', ...forced];
}

function postRendering(post: PostRender | undefined, major: HelmMajor): string[] {
  if (post === undefined) return [];
  const renderer = major === 3 ? post.program : postRendererPlugin(post.program);
  return ['--post-renderer', renderer, '--post-renderer-args', post.file];
}

/**
 * The command line of an upgrade that writes nothing and tells what it would: the server is asked for
 * what templates look up, and its admission is not reached.
 */
export function dryRunArguments(plan: UpgradePlan, major: HelmMajor = 4): string[] {
  return [...upgradeArguments(plan, major), '--dry-run=server', '--output', 'json'];
}

/** The command line that lists a release's revisions. */
export function historyArguments(release: string, namespace: string): string[] {
  return ['history', release, '--namespace', namespace, '--output', 'json', '--max', '20'];
}

/**
 * The command line that goes back to an earlier revision.
 *
 * @param timeoutMs how long it waits until it is ready; not at all without
 */
export function rollbackArguments(
  release: string,
  namespace: string,
  revision: number,
  timeoutMs: number | undefined,
): string[] {
  return [
    ...['rollback', release, String(revision), '--namespace', namespace],
    ...waiting(timeoutMs),
  ];
}

/**
 * The command line that removes a release.
 *
 * @param timeoutMs how long it waits until its objects are gone; not at all without
 */
export function uninstallArguments(
  release: string,
  namespace: string,
  timeoutMs: number | undefined,
): string[] {
  return [
    ...['uninstall', release, '--namespace', namespace, '--ignore-not-found'],
    ...waiting(timeoutMs),
  ];
}

/** The command line that runs the tests of a release. */
export function testArguments(release: string, namespace: string, timeoutMs: number): string[] {
  return ['test', release, '--namespace', namespace, '--timeout', duration(timeoutMs)];
}

function waiting(timeoutMs: number | undefined): string[] {
  return timeoutMs === undefined ? [] : ['--wait', '--timeout', duration(timeoutMs)];
}

/** Which chart is fetched, and where its archive goes. */
export interface PullPlan {
  /** An address, or the chart's name in the repository. */
  readonly chart: string;
  readonly repository: string | undefined;
  /** One version or a range; the newest without. */
  readonly version: string | undefined;
  readonly folder: string;
}

/** The command line that fetches a chart. */
export function pullArguments({ chart, repository, version, folder }: PullPlan): string[] {
  return [
    ...['pull', chart, '--destination', folder],
    ...(repository === undefined ? [] : ['--repo', repository]),
    ...(version === undefined ? [] : ['--version', version]),
    // As Docker does: what listens on this machine has no certificate.
    ...(/^oci:\/\/127\./.test(chart) ? ['--plain-http'] : []),
  ];
}

/** As Go reads it. */
function duration(milliseconds: number): string {
  return `${Math.max(1, Math.round(milliseconds / 1000))}s`;
}
