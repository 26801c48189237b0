import type { Runner } from '../../../shared/action/Runner.ts';
import type { RenderedFor, UpgradePlan } from '../../../shared/helm/arguments.ts';
import type { Revision } from '../../../shared/helm/Helm.ts';
import { discover, type Served } from '../../../shared/kube/preflight/discover.ts';
import type { KubeObject } from '../../../shared/kube/preflight/KubeObject.ts';
import { parseManifest } from '../../../shared/kube/preflight/parseManifest.ts';
import { historyOf } from './historyOf.ts';
import type { Cluster } from './openCluster.ts';

/** A release before it is written. */
export interface Rendered {
  readonly objects: readonly KubeObject[];
  readonly served: Served;
}

/**
 * Renders the release as Helm will, to look at it first.
 *
 * @returns `undefined` when that cannot be done; Helm itself then says why
 * @throws {Failure} when the API server does not answer
 */
export async function renderFirst(
  plan: UpgradePlan,
  cluster: Cluster,
  runner: Runner,
): Promise<Rendered | undefined> {
  const { served, rendered } = await renderingFor(plan, cluster, runner);
  if (served === undefined) return undefined;
  const manifest = await cluster.helm.template(plan, rendered, runner.signal);
  if (manifest === undefined) return undefined;
  try {
    return { objects: parseManifest(manifest), served };
  } catch {
    return undefined;
  }
}

/** What a chart is told of the cluster and of the release when Helm renders it. */
export async function renderingFor(
  plan: UpgradePlan,
  cluster: Cluster,
  runner: Runner,
): Promise<{ readonly served: Served | undefined; readonly rendered: RenderedFor }> {
  const { api } = cluster;
  const [served, { gitVersion }, history] = await Promise.all([
    discover(api),
    api.version(),
    historyOf(plan, cluster, runner),
  ]);
  const apiVersions = served?.names ?? [];
  return { served, rendered: { kubeVersion: gitVersion, apiVersions, verb: verbAfter(history) } };
}

/** Names of the Jobs that Helm makes beside the release. */
export function hookJobs({ objects }: Rendered): ReadonlySet<string> {
  const hooks = objects.filter(
    ({ kind, metadata }) => kind === 'Job' && metadata.annotations?.['helm.sh/hook'] !== undefined,
  );
  return new Set(hooks.flatMap(({ metadata }) => metadata.name ?? []));
}

/** What `helm upgrade --install` does next. */
export function verbAfter(history: readonly Revision[]): 'install' | 'upgrade' {
  const last = history.at(-1);
  return last === undefined || last.status === 'uninstalled' ? 'install' : 'upgrade';
}
