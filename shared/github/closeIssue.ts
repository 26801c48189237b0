import { askGitHub } from './askGitHub.ts';
import { findIssue, type IssueKey, isRefusal } from './findIssue.ts';
import type { GitHub, Published } from './GitHub.ts';
import { asked } from './listIssues.ts';
import { withMarker } from './marker.ts';
import { refuse } from './refuse.ts';

/**
 * Closes the issue of that key as completed, when it is open, and lets its text say why.
 *
 * @throws {Failure} when GitHub does not answer, or refuses for another reason than a missing right
 */
export async function closeIssue(
  github: GitHub,
  { key, label, body }: IssueKey & { readonly body: string },
): Promise<Published> {
  const present = await findIssue(github, { key, label });
  if (isRefusal(present)) return refuse(github, present, asked);
  if (present === undefined || present.state !== 'open') {
    return { kind: 'unchanged', url: present?.html_url };
  }
  const answer = await askGitHub(github, {
    method: 'PATCH',
    path: `/repos/${github.repository}/issues/${present.number}`,
    body: { body: withMarker(key, body), state: 'closed', state_reason: 'completed' },
  });
  if (answer.status !== 200) return refuse(github, answer, asked);
  return { kind: 'closed', url: present.html_url };
}
