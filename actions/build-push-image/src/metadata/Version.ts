import type { Values } from './Expand.ts';

/** A version, read by one of the schemes. */
export interface Version {
  /** Whether it is neither before nor after a release of its number. */
  readonly released: boolean;
  /** What a pattern's expressions stand for; `version` and `raw` among them. */
  readonly values: Values;
}

/** How a scheme reads a version; `undefined` for what is none. */
export type ReadVersion = (text: string) => Version | undefined;
