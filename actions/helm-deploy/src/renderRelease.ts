import { createHash } from 'node:crypto';
import type { Runner } from '../../../shared/action/Runner.ts';
import { Failure } from '../../../shared/failure/Failure.ts';
import { explainHelmError } from '../../../shared/helm/explainHelmError.ts';
import { type ReleaseRecord, recordOf } from '../../../shared/helm/readRelease.ts';
import { discover } from '../../../shared/kube/preflight/discover.ts';
import type { DeployPlan } from './DeployPlan.ts';
import { historyOf } from './historyOf.ts';
import type { Cluster } from './openCluster.ts';
import { verbAfter } from './renderFirst.ts';

/** What a deploy would write. */
export type RenderedRelease = Pick<ReleaseRecord, 'manifest' | 'hooks' | 'files'>;

/**
 * Renders a release as Helm would keep it, without writing anything.
 *
 * @param tests whether its tests have to be in it even where Helm cannot try it
 * @throws {Failure} when it cannot be rendered
 */
export async function renderRelease(
  plan: DeployPlan,
  cluster: Cluster,
  runner: Runner,
  tests = false,
): Promise<RenderedRelease> {
  const outcome = await cluster.helm.dryRun(plan, runner.signal);
  runner.signal.throwIfAborted();
  if (outcome.exitCode === 0 && !outcome.stdoutTruncated) {
    return recordOf(JSON.parse(outcome.stdout.slice(outcome.stdout.indexOf('{'))));
  }
  // What the cluster does not serve yet, Helm does not try; nor a release that a killed run left.
  const isLate = /no matches for kind "|namespaces "[^"]+" not found|another operation \(/.test(
    outcome.stderr,
  );
  const manifest = isLate ? await template(plan, cluster, runner, tests) : undefined;
  // In it are hooks and definitions as well.
  if (manifest !== undefined) return { manifest, hooks: [], files: [] };
  throw new Failure({
    ...explainHelmError(outcome.startError ?? outcome.stderr),
    details: outcome.stderr,
  });
}

async function template(
  plan: DeployPlan,
  cluster: Cluster,
  runner: Runner,
  tests: boolean,
): Promise<string | undefined> {
  const { api, helm } = cluster;
  const [served, { gitVersion }, history] = await Promise.all([
    discover(api),
    api.get<{ readonly gitVersion: string }>('/version'),
    historyOf(plan, cluster, runner),
  ]);
  const rendered = {
    ...{
      kubeVersion: gitVersion,
      apiVersions: served?.names ?? [],
      verb: verbAfter(history),
      tests,
    },
  };
  return helm.template(plan, rendered, runner.signal);
}

/** The digest of a rendered manifest, by which it is known again. */
export function digestOf(manifest: string): string {
  return `sha256:${createHash('sha256').update(manifest).digest('hex')}`;
}
