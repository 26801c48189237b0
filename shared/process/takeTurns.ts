import { setTimeout as sleep } from 'node:timers/promises';
import { lock } from 'proper-lockfile';

/** The turn of a process that died is taken over after this time. */
const staleMs = 30_000;
const pauseMs = 200;

/**
 * Does work that only one process of this machine may do at a time. Who waits can be cancelled.
 *
 * @param folder names the work; it has to exist
 */
export async function takeTurns<T>(
  folder: string,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> {
  const release = await acquire(folder, signal);
  try {
    return await work();
  } finally {
    await release();
  }
}

async function acquire(
  folder: string,
  signal: AbortSignal | undefined,
): Promise<() => Promise<void>> {
  for (;;) {
    signal?.throwIfAborted();
    try {
      return await lock(folder, { stale: staleMs });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ELOCKED') throw error;
    }
    // When it aborts, the next round throws the signal's own reason.
    await sleep(pauseMs, undefined, { ...(signal && { signal }) }).catch(() => undefined);
  }
}
