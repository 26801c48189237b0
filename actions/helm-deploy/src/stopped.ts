import type { Runner } from '../../../shared/action/Runner.ts';
import type { Revision } from '../../../shared/helm/Helm.ts';
import type { DeployPlan } from './DeployPlan.ts';

/**
 * Says where a cancelled rollout was stopped.
 *
 * @returns what the step ends with
 */
export function stopped(
  made: Pick<Revision, 'revision' | 'status'> | undefined,
  { release }: DeployPlan,
  runner: Runner,
): Error {
  if (made === undefined) runner.log.warning(`${release}: cancelled before anything was changed.`);
  else {
    runner.output('revision', String(made.revision));
    runner.output('status', 'failed');
    runner.log.warning(
      `${release}: the rollout of revision ${made.revision} was stopped where it was; the release is marked ${made.status}. The next deploy goes on from here.`,
    );
  }
  return runner.signal.reason as Error;
}
