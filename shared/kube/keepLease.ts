import type { V1Lease } from '@kubernetes/client-node';
import { Cancelled } from '../process/Cancelled.ts';
import { KubeProblem } from './KubeApi.ts';
import type { Lease, LeaseApi } from './lease.ts';
import { microTime } from './microTime.ts';

/**
 * Renews a lease that was just taken, three times in its duration, until it is given back.
 *
 * @param path of the lease
 * @param holder who we are
 */
export function keepLease(
  api: LeaseApi,
  path: string,
  holder: string,
  durationMs: number,
): Omit<Lease, 'leftBy'> {
  const deadlineMs = durationMs / 3;
  const taken = new AbortController();
  let renewedAt = performance.now();
  let lostTo: string | undefined;
  let trouble = '';
  let renewing: Promise<void> | undefined;

  const renew = async () => {
    const now = performance.now();
    try {
      const present = await api.get<V1Lease>(path, { deadlineMs });
      const by = present.spec?.holderIdentity;
      if (by !== holder) lostTo = by ? `${by} holds it now` : 'somebody gave it back';
      else {
        const spec = { ...present.spec, renewTime: microTime() };
        await api.replace(path, { ...present, spec }, { deadlineMs });
        renewedAt = now;
      }
    } catch (error) {
      // The API server may be away for a moment; the next renewal comes in time.
      trouble = (error as Error).message;
      if (error instanceof KubeProblem && error.code === 404) lostTo = 'somebody removed its lease';
    }
    if (lostTo !== undefined) taken.abort(new Cancelled('SIGINT'));
  };
  const renewOnce = () => {
    renewing ??= renew().finally(() => {
      renewing = undefined;
    });
    return renewing;
  };
  const timer = setInterval(() => void renewOnce(), deadlineMs);
  return {
    taken: taken.signal,
    async lost() {
      if (lostTo === undefined) await renewOnce();
      if (lostTo !== undefined) return lostTo;
      const age = performance.now() - renewedAt;
      return age < durationMs
        ? undefined
        : `it could not be renewed for ${Math.round(age / 1000)} s (${trouble})`;
    },
    async release() {
      clearInterval(timer);
      await renewing;
      try {
        const present = await api.get<V1Lease>(path);
        // A machine that slept may have lost it to somebody else.
        if (present.spec?.holderIdentity === holder) await api.remove(path);
      } catch {
        // The namespace went, or it ends by itself.
      }
    },
  };
}
