/** What a step does when another one works on the release. */
export type Concurrency = 'wait' | 'fail';

/** How a step treats others that deploy the same release. */
export interface Lock {
  readonly concurrency: Concurrency;
  /** By which GitHub is asked whether a run that holds the release is over. */
  readonly githubToken?: string | undefined;
}
