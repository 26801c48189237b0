import { setTimeout as wait } from 'node:timers/promises';
import { Failure } from '../failure/Failure.ts';
import type { Log } from '../log/Log.ts';
import { isPassing, Passing } from './Passing.ts';

/** How long a registry's bad day is borne. One is shared by all requests of one push or copy. */
export interface Patience {
  /** When to give up, as `Date.now()` tells time. */
  readonly until: number;
  readonly log: Log;
  readonly signal?: AbortSignal | undefined;
  readonly now?: () => number;
  readonly sleep?: (ms: number, signal: AbortSignal | undefined) => Promise<void>;
  readonly random?: () => number;
}

const firstWaitMs = 500;
const longestWaitMs = 15_000;

async function sleepFor(ms: number, signal: AbortSignal | undefined): Promise<void> {
  await wait(ms, undefined, { ...(signal && { signal }) });
}

/**
 * Tries until it succeeds, waiting as the server said, or twice as long each time. What no other try
 * can change is thrown at once.
 *
 * @param what begins a sentence: `Pushing sha256:… to r.io/web`
 * @throws {Failure} when the time is over: with the last trouble as the reason
 */
export async function patiently<T>(
  what: string,
  attempt: (tries: number) => Promise<T>,
  patience: Patience,
): Promise<T> {
  const { until, log, signal, now = Date.now, sleep = sleepFor, random = Math.random } = patience;
  for (let tries = 1; ; tries++) {
    signal?.throwIfAborted();
    try {
      return await attempt(tries);
    } catch (error) {
      signal?.throwIfAborted();
      const told = error instanceof Passing ? error : undefined;
      if (!isPassing(error) || tries >= (told?.atMost ?? tries + 1)) throw error;
      const why = error instanceof Error ? error.message : String(error);
      const growing = Math.min(longestWaitMs, firstWaitMs * 2 ** (tries - 1));
      const waitMs = told?.waitMs ?? growing * (0.5 + random() / 2);
      if (now() + waitMs > until) throw outOfTime(what, why, told, waitMs);
      const seconds = (waitMs / 1000).toFixed(1);
      const asTold = told?.waitMs === undefined ? '' : ', as the registry says';
      log.info(`${what} is tried again in ${seconds} s${asTold} (${tries}). ${why}`);
      await sleep(waitMs, signal);
    }
  }
}

function outOfTime(what: string, why: string, told: Passing | undefined, waitMs: number): Failure {
  return new Failure({
    what: `${what} did not succeed in the time that there was.`,
    why:
      told?.waitMs === undefined
        ? why
        : `${why} The registry wants ${Math.ceil(waitMs / 1000)} s of patience, which is longer.`,
    remedy: told?.remedy ?? 'Run the job again; if it stays, look at the state of the registry.',
    details: told?.details,
    cause: told,
  });
}
