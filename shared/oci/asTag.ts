/** The distribution specification allows 128 characters. */
export const longestTag = 128;

/**
 * Makes a name a tag: what a tag may not hold becomes a hyphen, and what it may not begin with goes.
 * Nothing may be left.
 */
export function asTag(name: string): string {
  return name
    .replace(/[^A-Za-z0-9_.-]+/g, '-')
    .replace(/^[.-]+/, '')
    .slice(0, longestTag);
}
