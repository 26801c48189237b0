import { oneLine } from '../../log/oneLine.ts';
import type { Seen } from '../../verify/Check.ts';

/** Which lines of logs are counted, and how many of them there may be. */
export interface LogCheck {
  readonly matches: RegExp;
  readonly perMinute: number;
  /** Only of containers with this name. */
  readonly container?: string | undefined;
}

/** A regular expression may take long for a line without an end. */
const longestLine = 4000;
const minuteMs = 60_000;

/** Counts the lines that match within any one minute, by the times that the kubelet gives them. */
export class LogRate {
  readonly #check: LogCheck;
  readonly #seen = new Map<string, string>();
  readonly #hits: { readonly atMs: number; readonly chain: string; readonly line: string }[] = [];

  constructor(check: LogCheck) {
    this.#check = check;
  }

  /** @param log of one container, each line with its time; lines that were taken already are left out */
  take(chain: string, log: string): void {
    const last = this.#seen.get(chain) ?? '';
    for (const row of log.split('\n')) {
      const [time = '', ...words] = row.split(' ');
      const line = words.join(' ').slice(0, longestLine);
      // Times of one kubelet have one form, and their order is that of their text.
      if (!/^\d{4}-\d\d-\d\dT/.test(time) || time <= last) continue;
      this.#seen.set(chain, time);
      if (this.#check.matches.test(line)) this.#hits.push({ atMs: Date.parse(time), chain, line });
    }
  }

  /** The most that came within a minute, against what is allowed. */
  judge(): Seen {
    const { perMinute, matches } = this.#check;
    const times = this.#hits.map(({ atMs }) => atMs).sort((a, b) => a - b);
    const most = times.reduce((largest, time, index) => {
      const from = times.findIndex((other) => other > time - minuteMs);
      return Math.max(largest, index - from + 1);
    }, 0);
    if (most <= perMinute) return { note: `at most ${most} a minute` };
    const last = this.#hits.at(-1);
    const lines = most === 1 ? '1 log line that matches' : `${most} log lines that match`;
    return {
      problem: {
        kind: 'violation',
        what: `${last?.chain}: ${lines} ${matches.source} within a minute; allowed are ${perMinute}`,
        why: `The last one says: ${oneLine(last?.line ?? '', 500)}`,
        remedy: 'Mend what these lines say, or change `logs` of `verify`.',
      },
    };
  }
}
