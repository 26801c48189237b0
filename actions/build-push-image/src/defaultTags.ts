/** The distribution specification allows 128 characters. */
const longestTag = 128;

/**
 * The tags of a build for which none were given, as the platform's repositories use them: the
 * commit's full SHA, its first 8 characters, and the branch (or git tag, or `pr-<number>`).
 *
 * @param env the runner's variables
 */
export function defaultTags(env: Readonly<Record<string, string | undefined>>): string[] {
  const { GITHUB_SHA: sha, GITHUB_REF: ref = '' } = env;
  const tags = sha === undefined ? [] : [sha, sha.slice(0, 8)];
  const [, pull] = /^refs\/pull\/(\d+)\//.exec(ref) ?? [];
  const [, name] = /^refs\/(?:heads|tags)\/(.+)$/.exec(ref) ?? [];
  if (pull !== undefined) tags.push(`pr-${pull}`);
  else if (name !== undefined) tags.push(asTag(name));
  return [...new Set(tags.length === 0 ? ['latest'] : tags)];
}

/** A tag has no slash, and does not begin with a dot or a hyphen. */
function asTag(name: string): string {
  return name
    .replace(/[^\w.-]+/g, '-')
    .replace(/^[.-]+/, '')
    .slice(0, longestTag);
}
