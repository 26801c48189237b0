import type { Runner } from '../../../shared/action/Runner.ts';
import type { Cause } from '../../../shared/kube/diagnose.ts';
import type { Followed } from '../../../shared/kube/followRollout.ts';
import { Cancelled } from '../../../shared/process/Cancelled.ts';
import type { DeployPlan } from './DeployPlan.ts';
import { goTo } from './modes/rollback/goTo.ts';
import type { Cluster } from './openCluster.ts';
import { watchRollout } from './watchRollout.ts';

/**
 * Runs Helm's upgrade and watches beside it; a cause that cannot heal, and the loss of the release,
 * interrupt it.
 *
 * @param taken aborts when another job has taken the release
 */
export async function runUpgrade(
  plan: DeployPlan,
  { helm, api }: Cluster,
  runner: Runner,
  followed: Followed,
  taken: AbortSignal = new AbortController().signal,
) {
  const interrupt = new AbortController();
  let certain: Cause | undefined;
  const watching = watchRollout(api, followed, runner, (cause) => {
    runner.log.info(`This cannot heal: ${cause.chain}: ${cause.reason}. The rollout is stopped.`);
    certain = cause;
    interrupt.abort(new Cancelled('SIGINT'));
  });
  try {
    const signal = AbortSignal.any([runner.signal, interrupt.signal, taken]);
    const outcome = await (plan.rollbackTo === undefined
      ? helm.upgrade(plan, signal)
      : goTo(plan.rollbackTo, plan, { helm, api }, signal));
    return { outcome, watching, certain };
  } finally {
    await watching.stop();
  }
}
