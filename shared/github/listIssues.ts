import * as v from 'valibot';
import type { GitHubAnswer } from './askGitHub.ts';
import type { Asked } from './explainRefusal.ts';
import type { GitHub } from './GitHub.ts';
import { listAll } from './listAll.ts';

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

/**
 * The issues under a label, the oldest first, without the pull requests that GitHub lists among them.
 *
 * @returns the refusal where the token may not read issues
 */
export async function listIssues(
  github: GitHub,
  label: string,
  state: 'open' | 'all',
): Promise<readonly Issue[] | GitHubAnswer> {
  const query = new URLSearchParams({
    state,
    labels: label,
    sort: 'created',
    direction: 'asc',
    per_page: '100',
  });
  const path = `/repos/${github.repository}/issues?${query}`;
  const all = await listAll(github, path, issueSchema, asked);
  return Array.isArray(all) ? all.filter((one) => one.pull_request === undefined) : all;
}
