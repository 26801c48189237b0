import { defaultBranchOf } from '../metadata/defaultBranchOf.ts';

/** Which line of work a build belongs to, as caches are kept by it. */
export interface Branches {
  /**
   * The branch that is built; a pull request's own one. `undefined` for what comes once and is never
   * built on: a git tag, a merge queue.
   */
  readonly branch: string | undefined;
  /** Where others of its kind are looked for when it has nothing yet, nearest first. */
  readonly fallbacks: readonly string[];
  /** `undefined` where the event does not tell. */
  readonly defaultBranch: string | undefined;
  /** Whether whoever wrote it may not write to the repository: nothing of it may stay for others. */
  readonly untrusted: boolean;
}

/**
 * Events that only those start who may write to the repository. Others (`workflow_run`, `issue_comment`,
 * `pull_request_target`) run with the rights of the default branch, whoever's code they check out.
 */
const writers = new Set([
  ...['push', 'pull_request', 'schedule', 'workflow_dispatch'],
  ...['repository_dispatch', 'release', 'merge_group'],
]);

interface Event {
  readonly repository?: { readonly full_name?: string };
  readonly pull_request?: {
    readonly head?: { readonly ref?: string; readonly repo?: { readonly full_name?: string } };
    readonly base?: { readonly ref?: string };
  };
  readonly merge_group?: { readonly base_ref?: string };
}

/**
 * Reads the branches of a run.
 *
 * @param env the runner's variables
 * @param payload the event, as the runner keeps it in `GITHUB_EVENT_PATH`
 */
export function readBranches(
  env: Readonly<Record<string, string | undefined>>,
  payload: unknown,
): Branches {
  const event = (payload ?? {}) as Event;
  const defaultBranch = defaultBranchOf(env, payload);
  const { pull_request: pull, merge_group: queue } = event;
  // Runs of Dependabot get a token that reads only, whatever branch they are on.
  const untrusted =
    env.GITHUB_ACTOR === 'dependabot[bot]' ||
    (pull !== undefined && pull.head?.repo?.full_name !== event.repository?.full_name);
  const head = pull?.head?.ref;
  // A pull request of the default branch is not its state: what it merges into is part of it.
  const own = head === defaultBranch ? undefined : head;
  const ref = pull === undefined && queue === undefined ? nameOf(env.GITHUB_REF) : undefined;
  const mayWrite = !untrusted && writers.has(env.GITHUB_EVENT_NAME ?? 'push');
  const branch = own ?? ref;
  const bases = [pull?.base?.ref, nameOf(queue?.base_ref), defaultBranch];
  const fallbacks = [...(mayWrite || untrusted ? [] : [ref]), ...bases].filter(
    (name) => name !== undefined && !(mayWrite && name === branch),
  );
  return {
    branch: mayWrite ? branch : undefined,
    fallbacks: [...new Set(fallbacks as string[])],
    defaultBranch,
    untrusted,
  };
}

function nameOf(ref: string | undefined): string | undefined {
  return /^refs\/heads\/(.+)$/.exec(ref ?? '')?.[1];
}
