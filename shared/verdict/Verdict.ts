import type { Finding } from './Finding.ts';

/**
 * `pass`: all was seen and nothing counts. `violation`: something that counts was seen. `incomplete`:
 * what was seen does not allow to say; it is never a pass.
 */
export type Outcome = 'pass' | 'violation' | 'incomplete';

/** A verdict as a person reads it. The texts quote what scanners wrote, so they are untrusted. */
export interface Verdict {
  readonly outcome: Outcome;
  /** Why, in one line. */
  readonly reason: string;
  /** What the reader can do; a pass needs nothing. */
  readonly remedy: string | undefined;
  /** Evidence of any length, such as the last lines of a scanner that failed. */
  readonly details: string | undefined;
}

/** A verdict with the findings it rests on. Both lists are worst first. */
export interface Judgement {
  readonly verdict: Verdict;
  readonly counted: readonly Finding[];
  readonly others: readonly Finding[];
}
