import type { Finding } from './Finding.ts';
import type { Gap } from './Inspection.ts';
import type { Waiver } from './Waiver.ts';

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

/** Why a finding that would count does not: a waiver, or the statement of a vendor (VEX). */
export type Excuse =
  | { readonly kind: 'waiver'; readonly waiver: Waiver }
  | {
      readonly kind: 'vex';
      /** `not_affected` or `fixed`. */
      readonly status: string;
      readonly justification: string | undefined;
      /** Who says so, and where it is written. */
      readonly author: string | undefined;
      readonly source: string;
    };

export interface Excused {
  readonly finding: Finding;
  readonly excuse: Excuse;
}

/** A verdict with the findings it rests on: each is in one of the lists. All are worst first. */
export interface Judgement {
  readonly verdict: Verdict;
  /** They make the violation. */
  readonly counted: readonly Finding[];
  /** They would count, but the baseline has them too. */
  readonly known: readonly Finding[];
  /** They would count, but somebody answers for them. */
  readonly waived: readonly Excused[];
  /** They do not count by the policy. */
  readonly others: readonly Finding[];
  /** What the owners of the policy should know: waivers that end soon, have ended, or wait for nothing. */
  readonly notices: readonly string[];
  /** All of the inspection's gaps, and what the policy needs to know and does not. */
  readonly gaps?: readonly Gap[] | undefined;
  /** What `known` was compared with, as a person names it. */
  readonly baseline?: string | undefined;
}
