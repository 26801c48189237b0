import * as v from 'valibot';
import type { GitHubAnswer } from './askGitHub.ts';
import type { Asked } from './explainRefusal.ts';
import type { GitHub } from './GitHub.ts';
import { listAll } from './listAll.ts';
import { hasMarker } from './marker.ts';
import { isSame, ownLogin } from './ownLogin.ts';

export const issueSchema = v.object({
  number: v.number(),
  title: v.string(),
  body: v.nullish(v.string()),
  state: v.string(),
  html_url: v.optional(v.string()),
  user: v.nullish(v.object({ login: v.string() })),
  labels: v.array(v.union([v.string(), v.object({ name: v.optional(v.string()) })])),
  pull_request: v.optional(v.unknown()),
});
export type Issue = v.InferOutput<typeof issueSchema>;

export const asked: Asked = { doing: 'write an issue', permission: 'issues: write' };

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
  const query = new URLSearchParams({
    state: 'all',
    labels: label,
    sort: 'created',
    direction: 'asc',
    per_page: '100',
  });
  const path = `/repos/${github.repository}/issues?${query}`;
  const all = await listAll(github, path, issueSchema, asked);
  if (!Array.isArray(all)) return all;
  const marked = all.filter((one) => one.pull_request === undefined && hasMarker(key, one.body));
  if (marked.length === 0) return undefined;
  const self = await ownLogin(github);
  const own = marked.filter(({ user }) => isSame(self, user?.login));
  return own.find(({ state }) => state === 'open') ?? own.at(-1);
}

export function isRefusal(found: Issue | GitHubAnswer | undefined): found is GitHubAnswer {
  return found !== undefined && 'status' in found;
}
