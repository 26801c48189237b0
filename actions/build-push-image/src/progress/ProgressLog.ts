import type { Log } from '../../../../shared/log/Log.ts';
import type { Change } from './BuildProgress.ts';
import { groupOf } from './describeStep.ts';
import { LogGroup } from './LogGroup.ts';
import { LogInOrder } from './LogInOrder.ts';

/** So long a stage that prints nothing keeps the others waiting. */
const quietMs = 2000;
/** So much text of the others is held back, in characters. */
const mostHeld = 64 * 1024;

export interface Clock {
  now(): number;
  /** Calls once, later; keeps no process alive. */
  after(ms: number, work: () => void): void;
}

const realClock: Clock = {
  now: () => performance.now(),
  after: (ms, work) => void setTimeout(work, ms).unref(),
};

/**
 * Shows a build while it goes on, a stage at a time. Stages that run side by side do not mix their
 * lines: one is in front and shown as it prints, the others are held back until it is over or quiet.
 */
export class ProgressLog {
  readonly #log: LogInOrder;
  readonly #clock: Clock;
  readonly #groups = new Map<string, LogGroup>();
  readonly #shown = new Set<string>();
  #front: string | undefined;
  #held = 0;
  #lastLineAt = 0;
  #waiting = false;

  constructor(log: Log, clock: Clock = realClock) {
    this.#log = new LogInOrder(log);
    this.#clock = clock;
  }

  tell(changes: readonly Change[]): void {
    for (const change of changes) {
      if (change.kind === 'said') {
        this.#showAll();
        this.#log.untrusted(change.line);
      } else {
        this.#tell(change);
      }
    }
  }

  /** Shows what is held back; settled when all is written. */
  async end(): Promise<void> {
    this.#showAll();
    await this.#log.end();
  }

  #tell(change: Exclude<Change, { kind: 'said' }>): void {
    const title = groupOf(change.step);
    const group = this.#groups.get(title) ?? new LogGroup();
    this.#groups.set(title, group);
    for (const line of group.lines(change)) this.#write(title, group, line);
    const yields = group.over || (group.idle && this.#held > 0);
    if (yields && title === this.#front) this.#next();
  }

  #write(title: string, group: LogGroup, line: string): void {
    if (title !== this.#front && this.#isFree()) this.#show(title);
    if (title === this.#front) {
      this.#lastLineAt = this.#clock.now();
      this.#log.untrusted(line);
      return;
    }
    group.held.push(line);
    this.#held += line.length;
    if (this.#held > mostHeld) this.#next();
    else this.#wait();
  }

  /** The place in front. */
  #isFree(): boolean {
    if (this.#front === undefined || this.#isQuiet()) return true;
    return this.#groups.get(this.#front)?.idle === true;
  }

  #isQuiet(): boolean {
    return this.#clock.now() - this.#lastLineAt >= quietMs;
  }

  /** Nobody may print any more, and what is held back would never be seen. */
  #wait(): void {
    if (this.#waiting) return;
    this.#waiting = true;
    this.#clock.after(quietMs, () => {
      this.#waiting = false;
      if (this.#held === 0) return;
      if (this.#isQuiet()) this.#next();
      if (this.#held > 0) this.#wait();
    });
  }

  /** Brings the one forward that has waited longest. */
  #next(): void {
    this.#leave();
    for (const [title, { held }] of this.#groups) {
      if (held.length === 0) continue;
      this.#show(title);
      if (!this.#groups.get(title)?.over) return;
      this.#leave();
    }
  }

  #show(title: string): void {
    this.#leave();
    this.#front = title;
    this.#log.open(this.#shown.has(title) ? `${title}, continued` : title);
    this.#shown.add(title);
    const held = this.#groups.get(title)?.held.splice(0) ?? [];
    for (const line of held) {
      this.#held -= line.length;
      this.#log.untrusted(line);
    }
    this.#lastLineAt = this.#clock.now();
  }

  #leave(): void {
    if (this.#front === undefined) return;
    this.#log.close();
    const summary = this.#groups.get(this.#front)?.takeSummary();
    if (summary !== undefined) this.#log.untrusted(`${this.#front}: ${summary}`);
    this.#front = undefined;
  }

  #showAll(): void {
    for (const [title, { held }] of this.#groups) if (held.length > 0) this.#show(title);
    this.#leave();
  }
}
