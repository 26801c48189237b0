import type { Runner } from '../../../shared/action/Runner.ts';
import type { Cause } from '../../../shared/kube/diagnose.ts';
import { diagnose } from '../../../shared/kube/diagnose.ts';
import { type Followed, followRollout } from '../../../shared/kube/followRollout.ts';
import type { KubeApi } from '../../../shared/kube/KubeApi.ts';
import { workloadsOf } from '../../../shared/kube/rollout.ts';
import type { Snapshot } from '../../../shared/kube/Snapshot.ts';

export interface Watching {
  /** Shows the objects as they are now. */
  show(snapshot: Snapshot): void;
  stop(): Promise<void>;
}

/**
 * Shows the rollout as it goes (changed lines only), and tells of a cause that cannot heal as soon
 * as it is certain.
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
  const started = performance.now();

  const onLook = (snapshot: Snapshot, causes: readonly Cause[]) => {
    for (const row of rows(snapshot, release, causes)) {
      if (shown.get(row.object) === row.text) continue;
      shown.set(row.object, row.text);
      const seconds = ((performance.now() - started) / 1000).toFixed(1).padStart(6);
      runner.log.untrusted(`${seconds} s  ${row.text}`);
    }
  };
  const following = followRollout(api, followed, { onLook, onCertain }, ended.signal);
  return {
    show: (snapshot) => onLook(snapshot, diagnose(snapshot, release, before)),
    async stop() {
      ended.abort();
      await following;
    },
  };
}

function rows(snapshot: Snapshot, release: string, causes: readonly Cause[]) {
  return workloadsOf(snapshot, release).map(({ kind, name, ready, desired, done }) => {
    const object = `${kind}/${name}`;
    const cause = causes.find(({ chain }) => chain.startsWith(`${object} `) || chain === object);
    const note = done ? 'ready' : cause === undefined ? '' : `${cause.reason}: ${cause.message}`;
    return { object, text: `${object.padEnd(40)} ${ready}/${desired}  ${note}`.trimEnd() };
  });
}
