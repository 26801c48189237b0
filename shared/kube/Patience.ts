import { decisiveLine } from './containerLog.ts';
import type { Cause } from './diagnose.ts';

/** For what may heal as long as the rollout's time runs. */
export const heals = Number.POSITIVE_INFINITY;

/** A service account, or the numbers of a quota, come a moment after their namespace. */
export const forControllersMs = 10_000;

/** An operator may still make what is missing; a program may still find what it waits for. */
export const forOthersMs = 30_000;

/** As many ends of a program in the same way are no accident. */
const sameEnds = 3;

/** Words of a program that something else is not there yet: by its own next try it may be. */
const waitsForAnother =
  /ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|connection (?:was )?(?:refused|reset|closed|timed out)|no such host|name or service not known|name resolution|unknown host|could not translate host|(?:could not|cannot|can't|unable to|failed to|not) connect|unreachable|unavailable|time(?:d )?-?out|deadline exceeded|not (?:yet )?ready|starting up|try(?:ing)? again|waiting for|too many connections/i;

/** Words of the runtime, in the program's own log, that it cannot be executed on this machine. */
const neverRuns = /^exec \S+: exec format error$/m;

interface Crashes {
  readonly sinceMs: number;
  /** By the run that ended. */
  readonly ends: Map<string, End>;
}

interface End {
  readonly exitCode: number;
  /** Whether all of its log was read. */
  readonly whole: boolean;
  /** Its last words, digits aside; '' where it had none, or they could not be read so soon. */
  readonly words: string;
  /** It waits for something else. */
  readonly waits: boolean;
  /** It cannot be executed. */
  readonly never: boolean;
}

export interface Judgement {
  /** What cannot heal any more. */
  readonly certain: Cause | undefined;
  /** When to judge again although nothing has changed. */
  readonly againInMs: number | undefined;
}

/**
 * Follows how long each cause goes on, by our own clock: those of the cluster's machines may differ
 * from it. A program that crashes is given up only when it ends in the same way again and again, and
 * not for something else that may still come.
 */
export class Patience {
  readonly #since = new Map<string, number>();
  readonly #crashes = new Map<string, Crashes>();

  /** @param nowMs of a clock that only goes forward */
  judge(causes: readonly Cause[], nowMs: number): Judgement {
    const waits = causes.map((cause) => [cause, this.#waitMs(cause, nowMs)] as const);
    const present = new Set(causes.filter(({ patienceMs }) => patienceMs < heals).map(keyOf));
    for (const key of this.#since.keys()) if (!present.has(key)) this.#since.delete(key);
    const [certain] = waits.find(([, waitMs]) => waitMs <= 0) ?? [];
    const next = Math.min(...waits.map(([, waitMs]) => waitMs));
    return { certain, againInMs: next > 0 && next < heals ? next : undefined };
  }

  /** Ends of programs whose last words are not known yet; a run that goes on has none. */
  unread(causes: readonly Cause[]): Cause[] {
    return causes.filter(({ chain, crash }) => {
      const end = crash && this.#crashes.get(chain)?.ends.get(crash.run);
      return crash && (end === undefined || (crash.whole && !end.whole));
    });
  }

  /** @param log of the run that ended; '' when it cannot be read */
  note({ chain, crash }: Cause, log: string): void {
    if (crash === undefined) return;
    const words = (decisiveLine(log) ?? '').replace(/[0-9a-f]{8,}|\d+/gi, '#').slice(0, 200);
    const tail = log.trimEnd().split('\n').slice(-10).join('\n');
    this.#crashes.get(chain)?.ends.set(crash.run, {
      ...{ exitCode: crash.exitCode, whole: crash.whole, words },
      waits: waitsForAnother.test(tail),
      never: neverRuns.test(tail),
    });
  }

  #waitMs(cause: Cause, nowMs: number): number {
    if (cause.crash !== undefined) return this.#waitForProgram(cause, nowMs);
    if (cause.patienceMs === heals) return heals;
    const key = keyOf(cause);
    const since = this.#since.get(key) ?? nowMs;
    this.#since.set(key, since);
    return since + cause.patienceMs - nowMs;
  }

  #waitForProgram({ chain, patienceMs }: Cause, nowMs: number): number {
    const crashes = this.#crashes.get(chain) ?? { sinceMs: nowMs, ends: new Map() };
    this.#crashes.set(chain, crashes);
    if ([...crashes.ends.values()].some(({ never }) => never)) return 0;
    if (patienceMs === heals || patienceMs === 0) return patienceMs;
    const last = [...crashes.ends.values()].slice(-sameEnds);
    return last.length === sameEnds && areAlike(last)
      ? crashes.sinceMs + patienceMs - nowMs
      : heals;
  }
}

function areAlike(ends: readonly End[]): boolean {
  const codes = new Set(ends.map(({ exitCode }) => exitCode));
  const words = new Set(ends.map((end) => end.words).filter((text) => text !== ''));
  return codes.size === 1 && words.size <= 1 && !ends.some(({ waits }) => waits);
}

function keyOf({ chain, reason }: Cause): string {
  return `${chain} ${reason}`;
}
