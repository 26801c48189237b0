import type { GitHubAnswer } from './askGitHub.ts';
import type { GitHub } from './GitHub.ts';
import { type Issue, listIssues } from './listIssues.ts';
import { hasMarker } from './marker.ts';
import { isSame, ownLogin } from './ownLogin.ts';

/** By what an issue is found again. */
export interface IssueKey {
  /** One a component. */
  readonly key: string;
  /** All issues of a gate have it, so that not all of a repository are looked through. */
  readonly label: string;
}

/**
 * Finds the issue that an earlier run wrote, open or closed, however it is called now.
 *
 * @returns the refusal where the token may not read issues
 */
export async function findIssue(
  github: GitHub,
  { key, label }: IssueKey,
): Promise<Issue | GitHubAnswer | undefined> {
  const all = await listIssues(github, label, 'all');
  if ('status' in all) return all;
  const marked = all.filter(({ body }) => hasMarker(key, body));
  if (marked.length === 0) return undefined;
  const self = await ownLogin(github);
  const own = marked.filter(({ user }) => isSame(self, user?.login));
  return own.find(({ state }) => state === 'open') ?? own.at(-1);
}

export function isRefusal(found: Issue | GitHubAnswer | undefined): found is GitHubAnswer {
  return found !== undefined && 'status' in found;
}
