import type { Runner } from '../../../shared/action/Runner.ts';
import { Failure } from '../../../shared/failure/Failure.ts';
import type { UpgradePlan } from '../../../shared/helm/arguments.ts';
import type { Revision } from '../../../shared/helm/Helm.ts';
import type { Cluster } from './openCluster.ts';
import { lastGood } from './undo.ts';

/**
 * Helm refuses to touch a release whose last revision is `pending-*`: what a killed Helm leaves
 * behind. We hold the release's lease here, so no step of ours works on it; the last good revision
 * is brought back (or a first install removed), and the log says so.
 *
 * @returns the history afterwards
 * @throws {Failure} when the repair fails
 */
export async function repairPending(
  history: readonly Revision[],
  { release, namespace, timeoutMs }: UpgradePlan,
  { helm }: Cluster,
  runner: Runner,
): Promise<readonly Revision[]> {
  const last = history.at(-1);
  if (last === undefined || !last.status.startsWith('pending-')) return history;
  const good = lastGood(history);
  runner.log.warning(
    `${release}: revision ${last.revision} was left ${last.status} by a run that was killed. ${
      good === undefined ? 'It is removed' : `Revision ${good} is brought back`
    } before this deploy.`,
  );
  const outcome =
    good === undefined
      ? await helm.uninstall(release, namespace, timeoutMs, runner.signal)
      : await helm.rollback(release, namespace, good, timeoutMs, runner.signal);
  runner.signal.throwIfAborted();
  if (outcome.exitCode !== 0) {
    throw new Failure({
      what: `Release ${release} is ${last.status} and could not be repaired.`,
      why: outcome.startError ?? outcome.stderr.trim().split('\n').at(-1),
      remedy: `Look at \`helm history ${release} --namespace ${namespace}\`, and roll back by hand.`,
      details: outcome.stderr,
    });
  }
  return helm.history(release, namespace);
}
