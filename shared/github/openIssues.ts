import type { IssueKey } from './findIssue.ts';
import type { Denied, GitHub } from './GitHub.ts';
import { asked, type Issue, listIssues } from './listIssues.ts';
import { keyIn } from './marker.ts';
import { isSame, ownLogin } from './ownLogin.ts';
import { refuse } from './refuse.ts';

/**
 * The open issues that earlier runs wrote under a label, by their keys: one list for all components,
 * where a look-up of each would use up what a job may ask in an hour.
 *
 * @throws {Failure} when GitHub does not answer, or refuses for another reason than a missing right
 */
export async function openIssues(
  github: GitHub,
  { label }: Pick<IssueKey, 'label'>,
): Promise<ReadonlyMap<string, Issue> | Denied> {
  const all = await listIssues(github, label, 'open');
  if ('status' in all) return refuse(github, all, asked);
  const marked = all.flatMap((issue) => {
    const key = keyIn(issue.body);
    return key === undefined ? [] : [{ key, issue }];
  });
  if (marked.length === 0) return new Map();
  const self = await ownLogin(github);
  return new Map(
    marked
      .filter(({ issue }) => isSame(self, issue.user?.login))
      // The first one, as it is found by its key.
      .toReversed()
      .map(({ key, issue }) => [key, issue] as const),
  );
}
