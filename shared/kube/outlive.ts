import { setTimeout as sleep } from 'node:timers/promises';
import type { V1Lease } from '@kubernetes/client-node';

/** Clocks that differ by so many durations of a lease are none: its holder is dead. */
const durationsOfNoSkew = 10;
const longestPauseMs = 1000;

export interface Waiting {
  /** Told before it is waited whether the holder lives. */
  readonly onWait?: (holder: string, waitMs: number) => void;
  /** Asked whether it is known by other means that a holder has come to its end. */
  readonly isOver?: (holder: string) => Promise<boolean>;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Waits until a holder has not renewed its lease for the lease's duration. That is counted by our own
 * clock from when we saw the renewal: the holder wrote it by a clock that may be minutes off, and is
 * not dead for that.
 *
 * @param present the lease as it was read, held by another
 * @returns the lease of a dead holder, `undefined` when it was given back; or 'alive'
 */
export async function outlive(
  present: V1Lease,
  read: () => Promise<V1Lease | undefined>,
  { onWait, isOver, signal }: Waiting,
): Promise<V1Lease | undefined | 'alive'> {
  const { holderIdentity = '', renewTime, leaseDurationSeconds = 0 } = present.spec ?? {};
  const durationMs = leaseDurationSeconds * 1000;
  const renewedMs = new Date(renewTime ?? 0).getTime();
  if (Date.now() - renewedMs > durationsOfNoSkew * durationMs) return present;
  if (await isOver?.(holderIdentity)) return present;
  onWait?.(holderIdentity, durationMs);
  const firstSeen = performance.now();
  let latest = present;
  while (performance.now() - firstSeen < durationMs) {
    await sleep(Math.min(longestPauseMs, durationMs / 10), undefined, { signal }).catch(() =>
      signal?.throwIfAborted(),
    );
    const now = await read();
    if (!now?.spec?.holderIdentity) return now;
    if (!isSame(now, present)) return 'alive';
    latest = now;
  }
  return latest;
}

function isSame({ spec: a }: V1Lease, { spec: b }: V1Lease): boolean {
  const times = [a?.renewTime, b?.renewTime].map((time) => new Date(time ?? 0).getTime());
  return a?.holderIdentity === b?.holderIdentity && times[0] === times[1];
}
