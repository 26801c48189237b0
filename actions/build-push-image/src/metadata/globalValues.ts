import type { Values } from './Expand.ts';
import type { GitEvent } from './GitEvent.ts';

/**
 * Events whose run is always of the default branch, for payloads that do not name it.
 * `create` is not among them: it runs on the new branch.
 */
const onDefaultBranch = new Set([
  'schedule',
  'issues',
  'issue_comment',
  'discussion',
  'discussion_comment',
]);

/** What `{{branch}}` and its like stand for. */
export function globalValues(event: GitEvent, shortShaLength: number): Values {
  const { ref, baseRef, sha = '' } = event;
  const onDefault = isDefaultBranch(event);
  return {
    branch: ref?.kind === 'branch' ? ref.name : '',
    tag: ref?.kind === 'tag' ? ref.name : '',
    sha: sha.slice(0, shortShaLength),
    base_ref: ref?.kind === 'branch' ? '' : (baseRef ?? ''),
    is_default_branch: onDefault,
    is_not_default_branch: !onDefault,
  };
}

function isDefaultBranch({ name, ref, repository: { defaultBranch } }: GitEvent): boolean {
  if (ref?.kind !== 'branch') return false;
  return defaultBranch === undefined ? onDefaultBranch.has(name) : ref.name === defaultBranch;
}
