import type { Runner } from '../../../../shared/action/Runner.ts';
import type { DeployPlan } from '../DeployPlan.ts';
import type { SourceInputs } from '../inputs.ts';
import type { Cluster } from '../openCluster.ts';
import { respectRollback } from '../respectRollback.ts';

/**
 * Makes sure that a deploy is one that people want: it is the saved plan that was approved, and not what
 * they went back from by hand.
 *
 * @returns the revision that the release has to be at, where a plan says so
 * @throws {Failure} when it is not; nothing is written
 */
export async function checkApproved(
  inputs: SourceInputs,
  plan: DeployPlan,
  cluster: Cluster,
  runner: Runner,
): Promise<number | undefined> {
  if (!inputs.force) await respectRollback(plan, cluster, runner);
  const { planFile } = inputs;
  if (planFile === undefined) return undefined;
  const { checkPlanFile } = await import('./plan/checkPlanFile.ts');
  return checkPlanFile(planFile, plan, cluster, runner);
}
