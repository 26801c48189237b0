import type { Runner } from '../../../shared/action/Runner.ts';
import { lostConnection } from '../../../shared/helm/lostConnection.ts';
import type { Followed } from '../../../shared/kube/followRollout.ts';
import type { Lease } from '../../../shared/kube/lease.ts';
import type { DeployPlan } from './DeployPlan.ts';
import { historyOf } from './historyOf.ts';
import { noLongerHeld } from './holdRelease.ts';
import type { Cluster } from './openCluster.ts';
import { repairPending } from './repairPending.ts';
import { runUpgrade } from './runUpgrade.ts';

/**
 * Runs Helm's upgrade, and once more when its connection to the API server broke in the middle: that is
 * no fault of the release, and what it had written so far it finds again.
 *
 * @throws {Failure} when the server does not come back, or another job took the release meanwhile
 */
export async function upgradeOnce(
  plan: DeployPlan,
  cluster: Cluster,
  runner: Runner,
  followed: Followed,
  lease: Lease | undefined,
): ReturnType<typeof runUpgrade> {
  const upgrade = () => runUpgrade(plan, cluster, runner, followed, lease?.taken);
  const first = await upgrade();
  const { signal } = runner;
  if (signal.aborted || !lostConnection(first.outcome, cluster.api.server)) return first;
  runner.log.info('Helm lost its connection to the API server. It is run again when that answers.');
  const history = await historyOf(plan, cluster, runner);
  const lost = await lease?.lost();
  if (lost !== undefined) throw noLongerHeld(lost, plan, first.outcome.stderr);
  await repairPending(history, 'a Helm that lost its connection', plan, cluster, runner);
  signal.throwIfAborted();
  return upgrade();
}
