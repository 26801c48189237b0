import type { Runner } from '../../../../../shared/action/Runner.ts';
import { Failure } from '../../../../../shared/failure/Failure.ts';
import { discover } from '../../../../../shared/kube/preflight/discover.ts';
import type { DeployPlan } from '../../DeployPlan.ts';
import { historyOf } from '../../historyOf.ts';
import type { Cluster } from '../../openCluster.ts';
import { renderRelease } from '../../renderRelease.ts';
import type { Planned } from './makePlan.ts';

/**
 * Renders what a deploy would write, and asks the cluster for what it is compared with.
 *
 * @throws {Failure} when it cannot be rendered
 */
export async function renderFor(
  plan: DeployPlan,
  cluster: Cluster,
  runner: Runner,
): Promise<Planned> {
  const [rendered, history, served] = await Promise.all([
    renderRelease(plan, cluster, runner),
    historyOf(plan, cluster, runner),
    discover(cluster.api),
  ]);
  if (served !== undefined) return { plan, rendered, history, served };
  throw new Failure({
    what: 'The API server does not tell which kinds it serves.',
    remedy: 'A plan needs Kubernetes 1.27 or later, and a user who may ask for `/apis`.',
  });
}
