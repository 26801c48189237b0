import * as v from 'valibot';
import { oneLine } from '../log/oneLine.ts';
import { askGitHub, type GitHubAnswer } from './askGitHub.ts';
import { createOnce } from './createOnce.ts';
import { findIssue, type IssueKey, isRefusal } from './findIssue.ts';
import type { GitHub, Published } from './GitHub.ts';
import { asked, type Issue, issueSchema } from './listIssues.ts';
import { withMarker } from './marker.ts';
import { refuse } from './refuse.ts';

/** GitHub refuses longer ones. */
const longestTitle = 256;

export interface IssueOptions extends IssueKey {
  readonly title: string;
  /** Markdown of ours. */
  readonly body: string;
}

/**
 * Opens an issue, or updates the one of that key: also one that was closed, which is opened again, so
 * that a component has one issue with all of its history.
 *
 * @throws {Failure} when GitHub does not answer, or refuses for another reason than a missing right
 */
export async function upsertIssue(github: GitHub, options: IssueOptions): Promise<Published> {
  const { label, key } = options;
  const title = oneLine(options.title, longestTitle);
  const body = withMarker(key, options.body);
  const present = await findIssue(github, options);
  if (isRefusal(present)) return refuse(github, present, asked);
  if (present !== undefined) return update(github, present, title, body);
  const path = `/repos/${github.repository}/issues`;
  const request = { path, body: { title, body, labels: [label] } };
  const made = await createOnce(github, request, async () => {
    const found = await findIssue(github, options);
    return isRefusal(found) ? undefined : found;
  });
  if ('found' in made) return { kind: 'created', url: made.found.html_url };
  if (made.status !== 201) return refuse(github, made, asked);
  return { kind: 'created', url: checkLabel(github, made, label) };
}

async function update(
  github: GitHub,
  issue: Issue,
  title: string,
  body: string,
): Promise<Published> {
  const { number, html_url: url } = issue;
  const same = issue.title === title && issue.body?.trimEnd() === body.trimEnd();
  if (same && issue.state === 'open') return { kind: 'unchanged', url };
  const answer = await askGitHub(github, {
    method: 'PATCH',
    path: `/repos/${github.repository}/issues/${number}`,
    body: { title, body, ...(issue.state !== 'open' && { state: 'open' }) },
  });
  return answer.status === 200 ? { kind: 'updated', url } : refuse(github, answer, asked);
}

/** GitHub drops labels silently that a token may not set, and then the next run would not find it. */
function checkLabel(github: GitHub, { body }: GitHubAnswer, label: string): string | undefined {
  const issue = v.safeParse(issueSchema, body);
  if (!issue.success) return undefined;
  const names = issue.output.labels.map((one) => (typeof one === 'string' ? one : one.name));
  if (!names.includes(label)) {
    github.log.warning(
      `The issue ${issue.output.number} did not get the label "${oneLine(label)}", so the next run will not find it: let the token set labels.`,
    );
  }
  return issue.output.html_url;
}
