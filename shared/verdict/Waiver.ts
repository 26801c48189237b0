import type { FindingKind } from './Finding.ts';

/**
 * A finding that somebody answers for, for a time. `owner`, `reason` and `expires` are never absent:
 * one that nobody answers for, or that never ends, is how gates stop to gate.
 */
export interface Waiver {
  /** The rule or advisory that it is about. */
  readonly id: string;
  /** Only for findings of this kind. */
  readonly kind?: FindingKind | undefined;
  /** Only for this package, by its name. */
  readonly package?: string | undefined;
  /** Only for this package, by its package URL; without a version it is every version. */
  readonly purl?: string | undefined;
  /** Only for findings in these files (a glob). */
  readonly path?: string | undefined;
  readonly owner: string;
  readonly reason: string;
  /** From this moment on it does not hold any more. */
  readonly expires: Date;
  /** Where it is written, as `file:line`. */
  readonly source: string;
  /**
   * What an entry of an ignore file does not say: `owner` and `reason` are then words of ours, and
   * `expires` is far away. It is honoured, and the lack is told.
   */
  readonly lacks?: readonly ('owner' | 'reason' | 'expires')[] | undefined;
}
