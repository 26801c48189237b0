import type { Runner } from '../../../../shared/action/Runner.ts';
import type { DeployPlan } from '../DeployPlan.ts';
import type { Result } from '../deploy.ts';
import { deployInStages } from '../deployInStages.ts';
import { type Known, proveFirst } from '../evidence/proveFirst.ts';
import { verdictsOf } from '../evidence/verdictsOf.ts';
import { historyOf } from '../historyOf.ts';
import type { SourceInputs } from '../inputs.ts';
import { notBegun } from '../notBegun.ts';
import { type Cluster, openCluster } from '../openCluster.ts';
import { planDeploy } from '../planDeploy.ts';
import { deployRecorded } from '../record/deployRecorded.ts';
import { skipUnchanged } from '../skipUnchanged.ts';
import { checkApproved } from './checkApproved.ts';
import { conclude } from './conclude.ts';

/** Deploys: a rollout that is proven ready, or undone with its reason. */
export async function runDeploy(inputs: SourceInputs, runner: Runner): Promise<void> {
  const cluster = await openCluster(inputs, runner);
  const plan = await planDeploy(inputs, cluster, runner);
  await using known = await proveFirst(inputs, plan, cluster, runner);
  const result = await rollOut(inputs, plan, known, cluster, runner);
  await conclude(inputs, result, runner, verdictsOf(known.judged));
}

async function rollOut(
  inputs: SourceInputs,
  plan: DeployPlan,
  known: Known,
  cluster: Cluster,
  runner: Runner,
): Promise<Result> {
  const started = performance.now();
  if (known.refused !== undefined) {
    return notBegun(known.refused, await historyOf(plan, cluster, runner), started, runner);
  }
  const basedOn = await checkApproved(inputs, plan, cluster, runner);
  const unchanged = inputs.skipUnchanged && (await skipUnchanged(plan, cluster, runner));
  if (unchanged) return unchanged;
  const approved = { ...plan, basedOn, proven: known.proven };
  return deployRecorded(inputs, approved, known, cluster, runner, () =>
    deployInStages(approved, cluster, runner),
  );
}
