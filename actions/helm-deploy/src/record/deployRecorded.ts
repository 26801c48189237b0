import type { Runner } from '../../../../shared/action/Runner.ts';
import type { DeployPlan } from '../DeployPlan.ts';
import type { Result } from '../deploy.ts';
import type { Known } from '../evidence/proveFirst.ts';
import type { SourceInputs } from '../inputs.ts';
import type { Cluster } from '../openCluster.ts';

/** Deploys, and tells those who want to know: GitHub while it goes on, and afterwards whoever reads records. */
export async function deployRecorded(
  inputs: SourceInputs,
  plan: DeployPlan,
  { images, judged, registries }: Known,
  { api }: Cluster,
  runner: Runner,
  deploy: () => Promise<Result>,
): Promise<Result> {
  const tracked = await track();
  let result: Result;
  try {
    result = await deploy();
  } catch (error) {
    await tracked?.abandon();
    throw error;
  }
  await Promise.all([tracked?.finish(result), record(result)]);
  return result;

  async function track() {
    if (inputs.environment === undefined) return undefined;
    const { trackDeployment } = await import('./trackDeployment.ts');
    const { pinnedImages } = await import('./pinnedImages.ts');
    return trackDeployment(inputs, [...plan.images, ...pinnedImages(images)], api, runner);
  }

  async function record({ failure, revision }: Result): Promise<void> {
    if (!inputs.record || failure !== undefined || revision === undefined) return;
    const { recordRelease } = await import('./recordRelease.ts');
    await recordRelease({ revision, judged, registries }, plan, inputs, api, runner);
  }
}
