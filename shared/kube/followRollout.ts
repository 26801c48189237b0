import { setTimeout as sleep } from 'node:timers/promises';
import type { Baseline } from './baseline.ts';
import { claimHooks } from './claimHooks.ts';
import { containerLog } from './containerLog.ts';
import { type Cause, diagnose } from './diagnose.ts';
import type { KubeApi } from './KubeApi.ts';
import { Patience } from './Patience.ts';
import type { Snapshot } from './Snapshot.ts';
import { type Watched, watchNamespace } from './watchNamespace.ts';

/** The runtime writes the last words of a program a moment after it tells of its end. */
const untilWrittenMs = 1000;

export interface Followed extends Watched {
  readonly release: string;
  /** The objects as they were before the change. */
  readonly before: Baseline;
  /** Names of the Jobs that are its hooks, where they are known. */
  readonly hooks?: ReadonlySet<string>;
}

/** What is told of a rollout. */
export interface Following {
  /** Each state of the namespace, with what speaks against being ready. */
  readonly onLook: (snapshot: Snapshot, causes: readonly Cause[]) => void;
  /** Told once of a cause that waiting cannot mend. */
  readonly onCertain: (cause: Cause) => void;
}

/**
 * Follows a rollout, and tells of a cause that cannot heal as soon as it is certain.
 *
 * @returns when `signal` aborts
 */
export async function followRollout(
  api: KubeApi,
  followed: Followed,
  { onLook, onCertain }: Following,
  signal: AbortSignal,
): Promise<void> {
  const { namespace, release, before, hooks } = followed;
  const patience = new Patience();
  let again: NodeJS.Timeout | undefined;
  let told = false;
  let latest: readonly Cause[] = [];

  const judge = (causes: readonly Cause[]) => {
    if (told || signal.aborted) return;
    const { certain, againInMs } = patience.judge(causes, performance.now());
    clearTimeout(again);
    if (againInMs !== undefined) again = setTimeout(() => judge(causes), againInMs);
    if (certain === undefined) return;
    told = true;
    onCertain(certain);
  };
  const reading = new Set<string>();
  const read = async (cause: Cause) => {
    const { chain, crash, container } = cause;
    const key = `${chain} ${crash?.run} ${crash?.whole}`;
    if (container === undefined || reading.has(key)) return;
    reading.add(key);
    if (!crash?.whole) await sleep(untilWrittenMs, undefined, { signal }).catch(() => {});
    patience.note(cause, await containerLog(api, namespace, container));
    reading.delete(key);
  };
  const look = (seen: Snapshot) => {
    const snapshot = claimHooks(seen, release, hooks);
    latest = diagnose(snapshot, release, before);
    onLook(snapshot, latest);
    judge(latest);
    const unread = patience.unread(latest);
    if (unread.length > 0) void Promise.all(unread.map(read)).then(() => judge(latest));
  };
  await watchNamespace(api, followed, look, signal);
  clearTimeout(again);
}
