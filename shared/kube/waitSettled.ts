import { awaited } from './baseline.ts';
import { claimHooks } from './claimHooks.ts';
import { type Cause, diagnose } from './diagnose.ts';
import { type Followed, followRollout } from './followRollout.ts';
import type { KubeApi } from './KubeApi.ts';
import { withOver } from './overJobs.ts';
import type { Workload } from './readiness/Workload.ts';
import type { Snapshot } from './Snapshot.ts';
import { takeSnapshot } from './takeSnapshot.ts';

export interface Settling extends Followed {
  /** How long everything has to stay ready. */
  readonly settleMs: number;
  /** How long it may take until it is; what is ready then may still stay so. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly onLook?: (snapshot: Snapshot, causes: readonly Cause[]) => void;
}

export interface Settled {
  readonly settled: boolean;
  readonly snapshot: Snapshot;
  /** What ended the wait before its time. */
  readonly certain?: Cause | undefined;
  /** What was awaited last. */
  readonly waiting: readonly Workload[];
}

/**
 * Waits until all of a release is ready, and has been so without a break for a while. Helm is content
 * with a load balancer without an address, a Job that runs, a claim without a volume, and a program
 * that is about to end.
 */
export async function waitSettled(api: KubeApi, settling: Settling): Promise<Settled> {
  const { namespace, release, before, customs, settleMs, timeoutMs, signal } = settling;
  const { over = new Map() } = settling;
  const taken = withOver(await takeSnapshot(api, namespace, customs), over);
  let snapshot = claimHooks(taken, release, settling.hooks);
  let waiting = awaited(snapshot, release, before);
  if (waiting.length === 0 && settleMs === 0) return { settled: true, snapshot, waiting };

  const ended = new AbortController();
  const started = performance.now();
  let settled = false;
  let certain: Cause | undefined;
  let timer: NodeJS.Timeout | undefined;
  const end = (well: boolean) => {
    settled = well;
    ended.abort();
  };
  const wait = (ready: boolean, forMs: number) => {
    clearTimeout(timer);
    timer = setTimeout(() => end(ready), forMs);
  };
  let ready: boolean | undefined;
  const look = (seen: Snapshot, causes: readonly Cause[]) => {
    snapshot = seen;
    settling.onLook?.(seen, causes);
    waiting = awaited(seen, release, before);
    if (ready === (waiting.length === 0)) return;
    ready = waiting.length === 0;
    const leftMs = Math.max(0, started + timeoutMs - performance.now());
    wait(ready, ready ? settleMs : leftMs);
  };
  look(snapshot, diagnose(snapshot, release, before));
  await followRollout(
    api,
    { ...settling, start: snapshot },
    {
      onLook: look,
      onCertain: (cause) => {
        certain = cause;
        end(false);
      },
    },
    AbortSignal.any([signal, ended.signal]),
  );
  clearTimeout(timer);
  return { settled, snapshot, certain, waiting };
}
