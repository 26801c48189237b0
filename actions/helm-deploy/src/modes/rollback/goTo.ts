import { listRevisions } from '../../../../../shared/helm/listRevisions.ts';
import { markFailed } from '../../../../../shared/helm/markFailed.ts';
import { KubeProblem } from '../../../../../shared/kube/KubeApi.ts';
import type { Outcome } from '../../../../../shared/process/run.ts';
import type { DeployPlan } from '../../DeployPlan.ts';
import type { Cluster } from '../../openCluster.ts';

/**
 * Goes to a revision and waits. Helm does not handle signals here, and would leave the release
 * `pending-rollback` when it is stopped: it is marked as failed, as Helm does with an upgrade.
 */
export async function goTo(
  revision: number,
  { release, namespace, timeoutMs }: DeployPlan,
  { helm, api }: Cluster,
  signal: AbortSignal,
): Promise<Outcome> {
  const outcome = await helm.rollback(release, namespace, revision, timeoutMs, signal);
  if (outcome.endedBy === 'itself') return outcome;
  try {
    const last = (await listRevisions(api, release, namespace)).at(-1);
    if (last?.status === 'pending-rollback') {
      const said = `Rollback to ${revision} was stopped`;
      await markFailed(api, { release, namespace, revision: last.revision }, said);
    }
  } catch (error) {
    // The next step repairs what is left pending.
    if (!(error instanceof KubeProblem)) throw error;
  }
  return outcome;
}
