import type { Runner } from '../../../shared/action/Runner.ts';
import type { UpgradePlan } from '../../../shared/helm/arguments.ts';
import type { Baseline } from '../../../shared/kube/baseline.ts';
import { containerLog } from '../../../shared/kube/containerLog.ts';
import { type Cause, diagnose } from '../../../shared/kube/diagnose.ts';
import type { KubeApi } from '../../../shared/kube/KubeApi.ts';
import { Patience } from '../../../shared/kube/Patience.ts';
import { workloadsOf } from '../../../shared/kube/rollout.ts';
import type { Snapshot } from '../../../shared/kube/Snapshot.ts';
import { watchNamespace } from '../../../shared/kube/watchNamespace.ts';

export interface Watching {
  /** Shows the workloads as they are now. */
  show(snapshot: Snapshot): void;
  stop(): Promise<void>;
}

/**
 * Shows the rollout as it goes (changed lines only), and tells of a cause that cannot heal as soon
 * as it is certain.
 *
 * @param before the workloads as they were before the change
 */
export function watchRollout(
  api: KubeApi,
  { release, namespace }: UpgradePlan,
  runner: Runner,
  before: Baseline,
  onCertain: (cause: Cause) => void,
): Watching {
  const ended = new AbortController();
  const shown = new Map<string, string>();
  const started = performance.now();
  const patience = new Patience();
  let again: NodeJS.Timeout | undefined;
  let told = false;

  const show = (snapshot: Snapshot, causes: readonly Cause[]) => {
    for (const row of rows(snapshot, release, causes)) {
      if (shown.get(row.object) === row.text) continue;
      shown.set(row.object, row.text);
      const seconds = ((performance.now() - started) / 1000).toFixed(1).padStart(6);
      runner.log.untrusted(`${seconds} s  ${row.text}`);
    }
  };
  const judge = (causes: readonly Cause[]) => {
    if (told || ended.signal.aborted) return;
    const { certain, againInMs } = patience.judge(causes, performance.now());
    clearTimeout(again);
    if (againInMs !== undefined) again = setTimeout(() => judge(causes), againInMs);
    if (certain === undefined) return;
    told = true;
    onCertain(certain);
  };
  const read = async (cause: Cause) => {
    if (cause.container) patience.note(cause, await containerLog(api, namespace, cause.container));
  };
  let latest: readonly Cause[] = [];
  const look = (snapshot: Snapshot) => {
    latest = diagnose(snapshot, release, before);
    show(snapshot, latest);
    judge(latest);
    const unread = patience.unread(latest);
    if (unread.length > 0) void Promise.all(unread.map(read)).then(() => judge(latest));
  };
  const watching = watchNamespace(api, namespace, look, ended.signal);
  return {
    show: (snapshot) => show(snapshot, diagnose(snapshot, release, before)),
    async stop() {
      ended.abort();
      clearTimeout(again);
      await watching;
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
