/** GitHub refuses longer bodies of comments and issues. */
export const longestBody = 65_536;
/** What is said where a body was too long all the same. */
const cut = '\n\n*The rest was left out: GitHub takes 65,536 characters.*';

/**
 * The line by which we find again what we wrote. It is a comment of HTML, which is not shown; whatever
 * the key is, it does not end it.
 */
export function marker(key: string): string {
  const safe = encodeURIComponent(key.toWellFormed()).replaceAll('-', '%2D').slice(0, 500);
  return `<!-- platform-actions ${safe} -->`;
}

/** A body that is found again by its key. Only at its beginning, since others may quote it. */
export function withMarker(key: string, body: string): string {
  const whole = `${marker(key)}\n${body}`;
  if (whole.length <= longestBody) return whole;
  const room = whole.slice(0, longestBody - cut.length);
  return `${room.slice(0, Math.max(room.lastIndexOf('\n'), marker(key).length)).toWellFormed()}${cut}`;
}

export function hasMarker(key: string, body: string | null | undefined): boolean {
  return body?.startsWith(marker(key)) ?? false;
}

/** The key of what we wrote; `undefined` for what others wrote, and for a key that was too long to be kept. */
export function keyIn(body: string | null | undefined): string | undefined {
  const [, safe] = /^<!-- platform-actions (\S+) -->/.exec(body ?? '') ?? [];
  if (safe === undefined) return undefined;
  try {
    return decodeURIComponent(safe);
  } catch {
    return undefined;
  }
}
