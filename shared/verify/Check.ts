/** What speaks against a release; texts of others in it are untrusted. */
export interface Problem {
  /**
   * `violation`: it was looked at, and is not as it must be. `unjudged`: it cannot be looked at.
   * `away`: it could not be looked at this time, and another try may.
   */
  readonly kind: 'violation' | 'unjudged' | 'away';
  /** A sentence without its full stop. */
  readonly what: string;
  readonly why?: string | undefined;
  readonly remedy: string;
  /** Logs; folded where they are shown. */
  readonly details?: string | undefined;
}

/** What was seen at one look: a few words for people, or what is wrong. */
export type Seen = { readonly note: string } | { readonly problem: Problem };

/** How long everything has to hold, by the clock of `performance.now()`. */
export interface Soak {
  readonly untilMs: number;
  /** Aborts when another check has failed, and when the job was cancelled. */
  readonly signal: AbortSignal;
}

/** One thing that has to hold. */
export interface Check {
  /** Such as `http web/healthz`. */
  readonly name: string;
  /** Looks until the soak is over and it holds, or it does not. What it made is gone then. */
  readonly run: (soak: Soak) => Promise<Seen>;
}

export function isProblem(seen: Seen): seen is { readonly problem: Problem } {
  return 'problem' in seen;
}
