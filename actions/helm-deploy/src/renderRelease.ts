import type { Runner } from '../../../shared/action/Runner.ts';
import { Failure } from '../../../shared/failure/Failure.ts';
import { explainHelmError } from '../../../shared/helm/explainHelmError.ts';
import { readDryRun } from '../../../shared/helm/readDryRun.ts';
import type { ReleaseRecord } from '../../../shared/helm/readRelease.ts';
import type { DeployPlan } from './DeployPlan.ts';
import type { Cluster } from './openCluster.ts';
import { renderingFor } from './renderFirst.ts';

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
  const tried = readDryRun(outcome);
  if (tried !== undefined) return tried;
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
  const { rendered } = await renderingFor(plan, cluster, runner);
  return cluster.helm.template(plan, { ...rendered, tests }, runner.signal);
}
