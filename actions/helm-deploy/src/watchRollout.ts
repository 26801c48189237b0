import type { Runner } from '../../../shared/action/Runner.ts';
import type { Cause } from '../../../shared/kube/diagnose.ts';
import { diagnose } from '../../../shared/kube/diagnose.ts';
import { type Followed, followRollout } from '../../../shared/kube/followRollout.ts';
import type { KubeApi } from '../../../shared/kube/KubeApi.ts';
import { workloadsOf } from '../../../shared/kube/rollout.ts';
import type { Snapshot } from '../../../shared/kube/Snapshot.ts';
import { type ObjectTime, RolloutTimes } from './RolloutTimes.ts';
import { changedRows, rolloutRows, tableHead } from './rolloutRows.ts';

export interface Watching {
  /** Shows the objects as they are now. */
  show(snapshot: Snapshot): void;
  /** When each was ready. */
  times(): readonly ObjectTime[];
  stop(): Promise<void>;
}

/**
 * Shows the rollout as a table that goes on (changed lines only), and tells of a cause that cannot heal as
 * soon as it is certain.
 */
export function watchRollout(
  api: KubeApi,
  followed: Followed,
  runner: Runner,
  onCertain: (cause: Cause) => void,
): Watching {
  const { release, before } = followed;
  const ended = new AbortController();
  const shown = new Map<string, string>();
  const times = new RolloutTimes(before);
  const started = performance.now();

  const onLook = (snapshot: Snapshot, causes: readonly Cause[]) => {
    const nowMs = performance.now();
    const workloads = workloadsOf(snapshot, release);
    times.note(workloads, nowMs);
    const isFirst = shown.size === 0;
    const texts = changedRows(rolloutRows(workloads, causes, Date.now()), shown);
    if (isFirst && texts.length > 0) runner.log.info(`    TIME  ${tableHead}`);
    const seconds = ((nowMs - started) / 1000).toFixed(1).padStart(6);
    for (const text of texts) runner.log.untrusted(`${seconds} s  ${text}`);
  };
  const following = followRollout(api, followed, { onLook, onCertain }, ended.signal);
  return {
    show: (snapshot) => onLook(snapshot, diagnose(snapshot, release, before)),
    times: () => times.all,
    async stop() {
      ended.abort();
      await following;
    },
  };
}
