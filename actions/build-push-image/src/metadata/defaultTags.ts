import { asTag } from '../../../../shared/oci/asTag.ts';
import type { GitEvent } from './GitEvent.ts';

/**
 * The tags of a build for which none were given, as the platform's repositories use them: the
 * commit's full SHA, its first 8 characters, and the branch (or git tag, or `pr-<number>`).
 */
export function defaultTags({ sha, ref }: Pick<GitEvent, 'sha' | 'ref'>): string[] {
  const name = refTag(ref);
  const tags = [sha, sha?.slice(0, 8), name].filter((tag) => tag !== undefined);
  return [...new Set(tags.length === 0 ? ['latest'] : tags)];
}

/** The tag that stands for the branch, git tag or pull request. */
export function refTag(ref: GitEvent['ref']): string | undefined {
  if (ref === undefined) return undefined;
  return asTag(ref.kind === 'pull' ? `pr-${ref.name}` : ref.name) || undefined;
}
