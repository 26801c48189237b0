import type { Runner } from '../../../shared/action/Runner.ts';
import { Failure } from '../../../shared/failure/Failure.ts';
import type { UpgradePlan } from '../../../shared/helm/arguments.ts';
import type { Revision } from '../../../shared/helm/Helm.ts';
import { historyOf } from './historyOf.ts';
import { markEnded } from './markEnded.ts';
import type { Cluster } from './openCluster.ts';
import { goBack, lastGood } from './undo.ts';

/** Helm refuses to touch a release that another Helm seems to work on. */
export function isAtWork({ status }: Pick<Revision, 'status'>): boolean {
  return /^(pending-.*|uninstalling)$/.test(status);
}

/** Longer than this no Helm is at work, unless it was given more time than we are. */
const longestMs = 10 * 60_000;

/**
 * Helm refuses to touch a release whose last revision is `pending-*` or `uninstalling`: what a
 * killed Helm leaves behind. The last good revision is brought back (or a first install removed),
 * and the log says so, when it is certain that nobody works on it: a step of ours died with the
 * release's lease, or the revision is older than Helm would wait.
 *
 * @param leftBy the step of ours that died with the lease
 * @returns the history afterwards
 * @throws {Failure} when somebody may be at work, or the repair fails
 */
export async function repairPending(
  history: readonly Revision[],
  leftBy: string | undefined,
  plan: UpgradePlan,
  cluster: Cluster,
  runner: Runner,
): Promise<readonly Revision[]> {
  const { release, namespace } = plan;
  const last = history.at(-1);
  if (last === undefined || !isAtWork(last)) return history;
  const age = Date.now() - new Date(last.updated).getTime();
  if (leftBy === undefined && age < Math.max(longestMs, plan.timeoutMs)) {
    throw new Failure({
      what: `Release ${release} is ${last.status} in revision ${last.revision}, and not by a step of ours.`,
      why: `Another Helm may be at work since ${last.updated}.`,
      remedy: `Wait for it. When nothing runs any more, undo it by hand (\`helm rollback\` or \`helm uninstall\`); after ${Math.max(longestMs, plan.timeoutMs) / 60_000} minutes the next deploy does.`,
    });
  }
  const good = lastGood(history);
  runner.log.warning(
    `${release}: revision ${last.revision} was left ${last.status} by ${leftBy ?? 'a Helm that was killed'}. ${
      good === undefined || last.status === 'uninstalling'
        ? 'It is removed'
        : `Revision ${good} is brought back`
    } before this deploy.`,
  );
  const outcome = await goBack(
    last.status === 'uninstalling' ? undefined : good,
    plan,
    cluster,
    runner.signal,
  );
  runner.signal.throwIfAborted();
  if (outcome.exitCode !== 0) {
    throw new Failure({
      what: `Release ${release} is ${last.status} and could not be repaired.`,
      why: outcome.startError ?? outcome.stderr.trim().split('\n').at(-1),
      remedy: `Look at \`helm history ${release} --namespace ${namespace}\`, and roll back by hand.`,
      details: outcome.stderr,
    });
  }
  if (good !== undefined && last.status !== 'uninstalling') {
    await markEnded(last.revision, good, plan, cluster, runner);
  }
  return historyOf(plan, cluster, runner);
}
