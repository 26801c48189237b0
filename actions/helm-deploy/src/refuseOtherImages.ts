import type { Runner } from '../../../shared/action/Runner.ts';
import { Failure } from '../../../shared/failure/Failure.ts';
import type { Revision } from '../../../shared/helm/Helm.ts';
import type { DeployPlan } from './DeployPlan.ts';
import type { Result } from './deploy.ts';
import type { Cluster } from './openCluster.ts';
import { undo } from './undo.ts';

/** What is ready and runs other images than were given is no success. */
export async function refuseOtherImages(
  failure: Failure,
  before: readonly Revision[],
  plan: DeployPlan,
  cluster: Cluster,
  runner: Runner,
): Promise<Result> {
  const undone = await undo(before, plan, cluster, runner);
  if (undone.revision !== undefined) runner.output('revision', String(undone.revision));
  runner.output('status', undone.status);
  const { what, why, remedy } = failure;
  return {
    ...undone,
    ...{ url: undefined, workloads: [], durationMs: 0 },
    failure: new Failure({ what, why: [why, undone.said].join(' '), remedy }),
  };
}
