import type { Place } from '../failure/Failure.ts';

/**
 * Where the library tells a person what it does. The runner's edge (`shared/action`), the lab and
 * the tests each give one. Texts of ours go to `info`, `warning` and `error`; whatever a program, a
 * pod or a server wrote goes to `untrusted`, which can neither issue a workflow command nor break a line.
 */
export interface Log {
  info(text: string): void;
  debug(text: string): void;
  /** Shown as an annotation, too: something to know that is not wrong. */
  notice(text: string, place?: Place): void;
  /** Shown as an annotation where there is one; `place` puts it on a file and line. */
  warning(text: string, place?: Place): void;
  error(text: string, place?: Place): void;
  untrusted(text: string): void;
  /** Folds what is logged while `work` runs under `title`. */
  group<T>(title: string, work: () => Promise<T>): Promise<T>;
}

/** A log that keeps nothing: for callers and tests that have nobody to tell. */
export const silent: Log = {
  info() {},
  debug() {},
  notice() {},
  warning() {},
  error() {},
  untrusted() {},
  group: (_title, work) => work(),
};
