import type { Runner } from '../../../../shared/action/Runner.ts';
import { deployInStages } from '../deployInStages.ts';
import type { SourceInputs } from '../inputs.ts';
import { openCluster } from '../openCluster.ts';
import { planDeploy } from '../planDeploy.ts';
import { skipUnchanged } from '../skipUnchanged.ts';
import { checkApproved } from './checkApproved.ts';
import { conclude } from './conclude.ts';

/** Deploys: a rollout that is proven ready, or undone with its reason. */
export async function runDeploy(inputs: SourceInputs, runner: Runner): Promise<void> {
  const cluster = await openCluster(inputs, runner);
  const plan = await planDeploy(inputs, cluster, runner);
  const basedOn = await checkApproved(inputs, plan, cluster, runner);
  const unchanged = inputs.skipUnchanged && (await skipUnchanged(plan, cluster, runner));
  const result = unchanged || (await deployInStages({ ...plan, basedOn }, cluster, runner));
  await conclude(inputs, result, runner);
}
