import { askGitHub } from './askGitHub.ts';
import type { GitHub, Published } from './GitHub.ts';
import { asked, type Issue } from './listIssues.ts';
import { marker, withMarker } from './marker.ts';
import { refuse } from './refuse.ts';

const begin = '<!-- note -->';
const end = '<!-- /note -->';

/**
 * Says something at the top of an open issue, in place of what was said there before; the rest of its
 * text stays.
 *
 * @param note Markdown of ours
 * @throws {Failure} when GitHub does not answer, or refuses for another reason than a missing right
 */
export async function noteOnIssue(
  github: GitHub,
  { key, issue, note }: { readonly key: string; readonly issue: Issue; readonly note: string },
): Promise<Published> {
  const body = withMarker(key, `${begin}\n${note}\n${end}\n${withoutNote(key, issue.body ?? '')}`);
  if (issue.body?.trimEnd() === body.trimEnd()) return { kind: 'unchanged', url: issue.html_url };
  const answer = await askGitHub(github, {
    method: 'PATCH',
    path: `/repos/${github.repository}/issues/${issue.number}`,
    body: { body },
  });
  if (answer.status !== 200) return refuse(github, answer, asked);
  return { kind: 'updated', url: issue.html_url };
}

/** GitHub gives line ends as people's browsers sent them. */
function withoutNote(key: string, body: string): string {
  const text = body.replaceAll('\r\n', '\n').replace(`${marker(key)}\n`, '');
  if (!text.startsWith(begin)) return text;
  const rest = text.indexOf(end);
  return rest === -1 ? text : text.slice(rest + end.length).replace(/^\n/, '');
}
