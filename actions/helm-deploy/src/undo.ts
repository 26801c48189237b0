import type { Runner } from '../../../shared/action/Runner.ts';
import type { UpgradePlan } from '../../../shared/helm/arguments.ts';
import type { Revision } from '../../../shared/helm/Helm.ts';
import type { Status } from './deploy.ts';
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
  { release, namespace, timeoutMs }: UpgradePlan,
  { helm }: Cluster,
  runner: Runner,
): Promise<Undone> {
  const good = lastGood(before);
  const title = good === undefined ? `Remove ${release}` : `Roll back to revision ${good}`;
  const outcome = await runner.log.group(title, () =>
    good === undefined
      ? helm.uninstall(release, namespace, timeoutMs, runner.signal)
      : helm.rollback(release, namespace, good, timeoutMs, runner.signal),
  );
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
      said: 'The failed first install was removed.',
    };
  }
  const now = (await helm.history(release, namespace)).at(-1)?.revision;
  return {
    revision: now,
    status: 'rolled-back',
    said: `The release was rolled back to revision ${good}.`,
  };
}
