import type { Runner } from '../../../shared/action/Runner.ts';
import type { UpgradePlan } from '../../../shared/helm/arguments.ts';
import type { Revision } from '../../../shared/helm/Helm.ts';
import { markFailed } from '../../../shared/helm/markFailed.ts';
import { KubeProblem } from '../../../shared/kube/KubeApi.ts';
import type { Outcome } from '../../../shared/process/run.ts';
import type { DeployPlan } from './DeployPlan.ts';
import type { Status } from './deploy.ts';
import { historyOf } from './historyOf.ts';
import type { Cluster } from './openCluster.ts';

export interface Undone {
  /** What runs afterwards. */
  readonly revision: number | undefined;
  readonly status: Status;
  /** One sentence for the annotation. */
  readonly said: string;
}

/** The last revision that was proven ready. */
export function lastGood(history: readonly Revision[]): number | undefined {
  const good =
    history.findLast(({ status }) => status === 'deployed') ??
    history.findLast(({ status }) => status === 'superseded');
  return good?.revision;
}

/** Goes back to the last good revision, or removes a first install that failed. */
export async function undo(
  before: readonly Revision[],
  plan: DeployPlan,
  cluster: Cluster,
  runner: Runner,
): Promise<Undone> {
  const { release, ownSince = Number.POSITIVE_INFINITY } = plan;
  const good = lastGood(before.filter(({ revision }) => revision < ownSince));
  if (good === undefined && plan.takeOwnership) {
    return {
      revision: undefined,
      status: 'failed',
      said: 'Nothing was removed, since the release took over objects that were there before.',
    };
  }
  if (good !== undefined) await markUndone(before, plan, cluster, runner);
  const title = good === undefined ? `Remove ${release}` : `Roll back to revision ${good}`;
  const outcome = await runner.log.group(title, () => goBack(good, plan, cluster, runner.signal));
  const cancelled = runner.signal.aborted ? ' The job was cancelled before this was ready.' : '';
  if (outcome.exitCode !== 0) {
    const why = outcome.startError ?? outcome.stderr.trim().split('\n').at(-1);
    return {
      revision: undefined,
      status: 'failed',
      said: `It could not be undone (${good === undefined ? 'uninstall' : `rollback to revision ${good}`}: ${why}).`,
    };
  }
  if (good === undefined) {
    return {
      revision: undefined,
      status: 'uninstalled',
      said: `The failed first install was removed.${cancelled}`,
    };
  }
  const now = (await historyOf(plan, cluster, runner)).at(-1)?.revision;
  return {
    revision: now,
    status: 'rolled-back',
    said: `The release was rolled back to revision ${good}.${cancelled}`,
  };
}

/**
 * Marks what Helm took for good and we did not as failed, before it is left. By that an undoing of ours
 * is told from one by people, who leave what was good; and nobody goes back to it later.
 */
export async function markUndone(
  before: readonly Revision[],
  plan: DeployPlan,
  cluster: Cluster,
  runner: Runner,
): Promise<void> {
  const { release, namespace } = plan;
  const last = (await historyOf(plan, cluster, runner)).at(-1);
  if (last?.status !== 'deployed' || last.revision <= (before.at(-1)?.revision ?? 0)) return;
  const { revision } = last;
  await markFailed(cluster.api, { release, namespace, revision }, 'It did not prove good').catch(
    (error: unknown) => {
      if (!(error instanceof KubeProblem)) throw error;
      runner.log.info(`Revision ${revision} stays superseded in the history: ${error.message}`);
    },
  );
}

/**
 * Goes back and waits. Helm does not handle signals here: a cancelled rollback would stay
 * `pending-rollback`, a cancelled uninstall `uninstalling`. It is done once more without waiting,
 * which takes a moment only.
 */
export async function goBack(
  good: number | undefined,
  { release, namespace, timeoutMs }: UpgradePlan,
  { helm }: Pick<Cluster, 'helm'>,
  signal: AbortSignal,
): Promise<Outcome> {
  const go = (waitMs: number | undefined, until?: AbortSignal) =>
    good === undefined
      ? helm.uninstall(release, namespace, waitMs, until)
      : helm.rollback(release, namespace, good, waitMs, until);
  const outcome = await go(timeoutMs, signal);
  return signal.aborted && outcome.exitCode !== 0 ? go(undefined) : outcome;
}
