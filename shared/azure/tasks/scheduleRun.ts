import { Failure } from '../../failure/Failure.ts';
import type { HttpResponse } from '../../http/request.ts';
import { explainArmError } from './explainArmError.ts';
import { type FindOptions, findRun, type Sought } from './findRun.ts';
import { readRun, type TaskRun } from './TaskRun.ts';

/** For all attempts together. */
const deadlineMs = 5 * 60_000;

/** Without a Retry-After; doubled each time. */
const firstWaitMs = 2000;

export interface ScheduleOptions extends FindOptions {
  readonly keyName: string | undefined;
  /** Azure's clock. */
  readonly now: () => number;
  readonly signal: AbortSignal;
  /**
   * Ends a request that is on its way. `signal` does not: a request that is cut may have made a run that
   * nobody then stops.
   */
  readonly last: AbortSignal;
}

const doing = 'schedule a run';

/**
 * Schedules a run, once: after a lost answer it looks for the run that it may have made before it
 * asks again.
 *
 * @throws {Failure} when ARM refuses, or it stays unknown whether there is a run
 */
export async function scheduleRun(
  body: Readonly<Record<string, unknown>>,
  options: ScheduleOptions,
): Promise<TaskRun> {
  const { arm, keyName, now, log, sleep, signal } = options;
  const end = now() + deadlineMs;
  // Azure's clock and what we make of it may differ by the way of an answer.
  const sought: Sought = { keyName, since: new Date(now() - 5000) };
  for (let waitMs = firstWaitMs; ; waitMs *= 2) {
    signal.throwIfAborted();
    const answer = await attempt(body, options);
    if ('run' in answer) return answer.run;
    if (answer.lost) {
      log.info(`Whether Azure has made the run is not known (${answer.why}). Looking for it.`);
      const found = await findRun(sought, options);
      if (found !== undefined) {
        log.info(`It has: run ${found.runId}.`);
        return found;
      }
    }
    const pauseMs = answer.retryAfterMs ?? waitMs;
    if (now() + pauseMs > end) throw answer.failure;
    log.info(`A run is asked for again in ${Math.ceil(pauseMs / 1000)} s: ${answer.why}.`);
    await sleep(pauseMs);
  }

  async function attempt(content: unknown, { arm: client }: FindOptions): Promise<Answer> {
    let response: HttpResponse;
    try {
      response = await client.send({
        ...{ path: 'scheduleRun', body: content, repeatable: false, doing },
        signal: options.last,
      });
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      return { lost: true, why: error.why ?? error.what, failure: error };
    }
    return judge(response);
  }

  function judge(response: HttpResponse): Answer {
    const run = response.status < 300 ? readRun(parseOrNothing(response)) : undefined;
    if (run !== undefined) return { run };
    const why = `it answered ${response.status}`;
    const failure = explainArmError(doing, arm.registry, response);
    // ARM counts requests before it passes them on.
    if (response.status === 429) {
      return { lost: false, why, failure, retryAfterMs: retryAfter(response, now()) };
    }
    // A success that names no run (202, or an answer that was cut) is as good as lost.
    if (response.status < 400 || response.status === 408 || response.status >= 500) {
      return { lost: true, why, failure, retryAfterMs: retryAfter(response, now()) };
    }
    throw failure;
  }
}

type Answer =
  | { readonly run: TaskRun }
  | {
      readonly lost: boolean;
      readonly why: string;
      readonly failure: Failure;
      readonly retryAfterMs?: number | undefined;
    };

function parseOrNothing({ body }: HttpResponse): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}

/** Seconds, or a date. */
function retryAfter({ headers }: HttpResponse, now: number): number | undefined {
  const value = headers['retry-after'];
  if (typeof value !== 'string') return undefined;
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now;
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}
