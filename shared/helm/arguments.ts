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
}

/**
 * The command line of an upgrade that waits. It has none of Helm's own rollback flags: the evidence
 * is gathered first, then we roll back.
 */
export function upgradeArguments(plan: UpgradePlan): string[] {
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
  ];
}

/** What a chart may ask of the cluster (`.Capabilities`), and which of Helm's two verbs it is rendered for. */
export interface RenderedFor {
  readonly kubeVersion: string;
  readonly apiVersions: readonly string[];
  readonly verb: 'install' | 'upgrade';
}

/** One argument may not be endless. */
const namesAnArgument = 500;

/**
 * The command line that renders a chart, hooks and definitions too, without asking the cluster: Helm
 * would ask it for all its kinds, which takes longer than all the rest.
 */
export function templateArguments(
  plan: UpgradePlan,
  { kubeVersion, apiVersions, verb }: RenderedFor,
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
    '--skip-tests',
    ...(verb === 'upgrade' ? ['--is-upgrade'] : []),
    '--kube-version',
    kubeVersion,
    ...lists.flatMap((list) => ['--api-versions', list]),
  ];
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

function waiting(timeoutMs: number | undefined): string[] {
  return timeoutMs === undefined ? [] : ['--wait', '--timeout', duration(timeoutMs)];
}

/** The command line that prints a chart's own defaults. */
export function showValuesArguments(chart: string): string[] {
  return ['show', 'values', chart];
}

/** As Go reads it. */
function duration(milliseconds: number): string {
  return `${Math.max(1, Math.round(milliseconds / 1000))}s`;
}
