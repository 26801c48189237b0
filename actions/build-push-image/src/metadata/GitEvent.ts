/** What a run of a workflow is about: a branch, a git tag, or a pull request. */
export interface GitRef {
  readonly kind: 'branch' | 'tag' | 'pull';
  /** The branch, the tag, or the number of the pull request. */
  readonly name: string;
}

/** What the runner and the event's payload say of the repository; texts are untrusted. */
export interface Repository {
  /** `owner/name`. */
  readonly fullName: string | undefined;
  readonly name: string | undefined;
  readonly description: string | undefined;
  readonly url: string | undefined;
  /** SPDX identifier. */
  readonly licence: string | undefined;
  readonly visibility: 'public' | 'private' | 'internal' | undefined;
  readonly defaultBranch: string | undefined;
}

/** The event that started the run. Names come from whoever pushed: they are untrusted. */
export interface GitEvent {
  /** Such as `push`; empty outside of a workflow. */
  readonly name: string;
  readonly ref: GitRef | undefined;
  /** The commit that is built. */
  readonly sha: string | undefined;
  /** Of a pull request: its own last commit, where `sha` is its merge with the base. */
  readonly headSha: string | undefined;
  /** The branch that a pull request goes into, or from which a tag was pushed. */
  readonly baseRef: string | undefined;
  /** When the commit was made, where the payload has it. */
  readonly commitDate: Date | undefined;
  /** The cron expression of a scheduled run. */
  readonly schedule: string | undefined;
  readonly repository: Repository;
  /** Whether the code comes from another repository than the workflow's. */
  readonly fork: boolean;
  /** Why the run has neither secrets nor OIDC, and only a token that reads. */
  readonly restricted: 'fork' | 'dependabot' | undefined;
}
