import { setTimeout as sleep } from 'node:timers/promises';
import type { Runner } from '../../../../shared/action/Runner.ts';
import { Failure } from '../../../../shared/failure/Failure.ts';
import { sentence } from '../../../../shared/failure/sentence.ts';
import { type Place, tryConnect } from './tryConnect.ts';

/** A BuildKit that an earlier step has started a moment ago may not listen yet. */
const defaultPatienceMs = 3000;

/** Where a connection can be tried; `undefined` for what buildx reaches by docker, a cluster or SSH. */
export function placeOf(address: string): Place | undefined {
  if (address.startsWith('unix:///')) return { path: address.slice('unix://'.length) };
  const [, host, port] = /^tcp:\/\/([^/:]+|\[[\da-f:]+\]):(\d+)$/i.exec(address) ?? [];
  return host === undefined ? undefined : { host: host.replace(/[[\]]/g, ''), port: Number(port) };
}

/**
 * Waits until a BuildKit listens at its address, where that can be tried.
 *
 * @throws {Failure} when nothing does, which buildx would tell after 20 s
 */
export async function awaitAnswer(
  address: string,
  { env, signal }: Pick<Runner, 'env' | 'signal'>,
  patienceMs = defaultPatienceMs,
): Promise<void> {
  const place = placeOf(address);
  if (place === undefined) return;
  const deadline = performance.now() + patienceMs;
  for (let waitMs = 20; ; waitMs = Math.min(waitMs * 2, 250)) {
    const why = await tryConnect(place);
    signal.throwIfAborted();
    if (why === undefined) return;
    if (performance.now() + waitMs > deadline) {
      const from = address === env.BUILDKIT_HOST ? ' (BUILDKIT_HOST)' : '';
      throw new Failure({
        what: `The builder ${address}${from} does not answer.`,
        why: sentence(why),
        remedy: 'Check `builder`, and the log of its BuildKit where it has answered before.',
      });
    }
    await sleep(waitMs, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
}
