import type { RunRequest } from './runRequest.ts';

/** What the double has to build. */
export interface Work {
  readonly request: RunRequest;
  /** The tar.gz that was uploaded. */
  readonly archive: Buffer;
  /** `registry/repository:tag`. */
  readonly images: readonly string[];
  /** Writes a line into the run's log. */
  readonly write: (line: string) => void;
  readonly signal: AbortSignal;
}

/**
 * Builds and pushes.
 *
 * @returns the digest
 * @throws {Error} with the last words that stand in the log
 */
export type BuildArchive = (work: Work) => Promise<string>;
