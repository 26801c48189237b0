import { join } from 'node:path';
import type { Runner } from '../../../shared/action/Runner.ts';
import type { DeployPlan } from './DeployPlan.ts';
import type { SourceInputs } from './inputs.ts';
import type { Cluster } from './openCluster.ts';
import { planChart } from './planChart.ts';
import { planObjects } from './planObjects.ts';
import { resolveImages } from './resolveImages.ts';
import { prepareChart } from './source/prepareChart.ts';

/**
 * Has the chart and its values at hand as files of the step's own, and plans the upgrade.
 *
 * @throws {Failure} when they cannot be had, are wrong, or do not fit each other
 */
export async function planDeploy(
  inputs: SourceInputs,
  cluster: Cluster,
  runner: Runner,
): Promise<DeployPlan> {
  const [prepared, images] = await Promise.all([
    prepareChart(inputs, cluster, runner),
    resolveImages(inputs, runner),
  ]);
  const base = {
    release: inputs.release,
    namespace: inputs.namespace,
    createNamespace: inputs.createNamespace,
    timeoutMs: inputs.timeoutMs,
    lock: { concurrency: inputs.concurrency, githubToken: inputs.githubToken },
    preflight: inputs.preflight,
    settleMs: inputs.settleMs,
    verification: inputs.verification,
    takeOwnership: inputs.takeOwnership,
    skipCrds: inputs.crds === 'skip',
    images: images.map(({ image }) => image),
    pullSecret: inputs.pullSecret,
    chartDigest: prepared.kind === 'chart' ? prepared.digest : undefined,
  };
  const plan =
    prepared.kind === 'objects'
      ? await planObjects(prepared, inputs, images, cluster, join(runner.tempDir, 'chart'))
      : await planChart(prepared, inputs, images, base, cluster, runner);
  const upgraded = prepared.kind === 'chart' && inputs.crds === 'upgrade';
  return {
    ...base,
    ...plan,
    ...(upgraded && { definitions: { files: (await prepared.read()).crds, only: 'all' } }),
  };
}
