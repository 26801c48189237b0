import { sentence } from './sentence.ts';

/** A place in a file of the repository, for an annotation. Lines and columns count from 1. */
export interface Place {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
}

/** What a person needs to know about something that went wrong. Each text is one sentence or two. */
export interface FailureParts {
  /** What went wrong, naming the thing: `input severity: "HIHG" is not a severity`. */
  readonly what: string;
  /** The cause, as far as it is known; a fragment that a program said becomes a sentence. */
  readonly why?: string | undefined;
  /** What the reader can do now. */
  readonly remedy?: string | undefined;
  /** Evidence of any length; it is folded in the log and never part of the annotation. */
  readonly details?: string | undefined;
  readonly place?: Place | undefined;
  readonly cause?: unknown;
}

/**
 * The one error type of the actions. Anything else that is thrown is a defect of ours and is
 * reported as such, with its stack.
 */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly what: string;
  readonly why: string | undefined;
  readonly remedy: string | undefined;
  readonly details: string | undefined;
  readonly place: Place | undefined;

  constructor(parts: FailureParts) {
    const { what, remedy } = parts;
    const why = parts.why === undefined ? undefined : sentence(parts.why);
    super([what, why, remedy].filter((text) => text !== undefined).join(' '), {
      cause: parts.cause,
    });
    this.what = what;
    this.why = why;
    this.remedy = remedy;
    this.details = parts.details;
    this.place = parts.place;
  }
}
