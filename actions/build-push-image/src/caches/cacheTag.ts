import { createHash } from 'node:crypto';

/** The distribution specification allows 128 characters. */
const longestTag = 128;
const hashLength = 10;

/** What is kept under tags of ours: BuildKit's cache, or the contents of cache mounts. */
export type CacheKind = 'buildcache' | 'cachemounts';

/**
 * The tag under which a branch keeps its cache. A name that no tag may have is made one; what was
 * lost by that (`a/b` and `a-b` are two branches) comes back as a hash.
 *
 * @param scope what tells builds of one branch apart that would write over each other: a target, the
 * one platform that this job builds
 */
export function cacheTag(kind: CacheKind, branch: string, scope: readonly string[] = []): string {
  const whole = [branch, ...scope].join('\0');
  const readable = [branch, ...scope].map((part) => part.replace(/[^\w.-]+/g, '-')).join('-');
  const tag = `${kind}-${readable}`;
  if (whole === readable && tag.length <= longestTag) return tag;
  const hash = createHash('sha256').update(whole).digest('hex').slice(0, hashLength);
  return `${tag.slice(0, longestTag - hashLength - 1)}-${hash}`;
}

/** Whether a tag is one of ours for caches. */
export function isCacheTag(tag: string): boolean {
  return /^(?:buildcache|cachemounts)-/.test(tag);
}
