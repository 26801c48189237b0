import type { Runner } from '../../../shared/action/Runner.ts';
import type { Revision } from '../../../shared/helm/Helm.ts';
import type { Outcome } from '../../../shared/process/run.ts';
import type { DeployPlan } from './DeployPlan.ts';
import { historyOf } from './historyOf.ts';
import type { Cluster } from './openCluster.ts';

/** The revision that this upgrade began; `undefined` when it failed before it wrote one. */
export async function revisionMade(
  outcome: Outcome,
  before: readonly Revision[],
  plan: DeployPlan,
  cluster: Cluster,
  runner: Runner,
): Promise<Pick<Revision, 'revision' | 'status'> | undefined> {
  const printed = /^REVISION: (\d+)$/m.exec(outcome.stdout)?.[1];
  if (outcome.exitCode === 0 && printed !== undefined) {
    return { revision: Number(printed), status: 'deployed' };
  }
  const history = await historyOf(plan, cluster, runner).catch((error: unknown) => {
    // It cannot be told what was begun; it is not finished in any case.
    runner.output('status', 'failed');
    throw error;
  });
  const last = history.at(-1);
  const known = before.at(-1)?.revision ?? 0;
  return last !== undefined && last.revision > known ? last : undefined;
}
