import { setTimeout as sleep } from 'node:timers/promises';
import { isProblem, type Seen, type Soak } from './Check.ts';

export interface Looking {
  readonly everyMs: number;
  /** How many looks in a row have to see the same trouble until it counts. */
  readonly failures: number;
}

/** What cannot be looked at so often in a row is not judged at all. */
const mostAway = 5;

/**
 * Looks again and again through the soak. The first trouble ends it (the `failures`th in a row); a soak
 * never ends on a look that went wrong.
 *
 * @param look looks once
 */
export async function lookAgain(
  look: (signal: AbortSignal) => Promise<Seen>,
  { everyMs, failures }: Looking,
  { untilMs, signal }: Soak,
): Promise<Seen> {
  let wrong = 0;
  let away = 0;
  for (;;) {
    const seen = await look(signal);
    if (signal.aborted) return seen;
    const kind = isProblem(seen) ? seen.problem.kind : undefined;
    wrong = kind === 'violation' ? wrong + 1 : kind === 'away' ? wrong : 0;
    away = kind === 'away' ? away + 1 : 0;
    if (kind === 'unjudged' || wrong >= failures || away >= mostAway) return seen;
    const leftMs = untilMs - performance.now();
    if (kind === undefined && leftMs <= 0) return seen;
    // The last look is at the end.
    const pauseMs = kind === undefined ? Math.min(everyMs, leftMs) : everyMs;
    await sleep(pauseMs, undefined, { signal }).catch(() => {});
    if (signal.aborted) return seen;
  }
}
