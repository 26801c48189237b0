/** One instruction of a Dockerfile. */
export interface Instruction {
  /** Counted from 1. */
  readonly line: number;
  /** In capitals. */
  readonly keyword: string;
  /** What follows the keyword, continued lines joined, flags left out. */
  readonly text: string;
}

/** A Dockerfile as far as reports point into it. */
export interface Dockerfile {
  /** Its path in the repository. */
  readonly file: string;
  readonly instructions: readonly Instruction[];
}
