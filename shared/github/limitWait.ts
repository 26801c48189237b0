import type { GitHubAnswer } from './askGitHub.ts';
import { messageOf } from './messageOf.ts';

/** A minute, where GitHub does not say how long; longer each time. */
const unsaid = 60_000;
/** Clocks differ. */
const spare = 1000;

/**
 * How long to wait before the same request, when it was refused for one of GitHub's limits: as long as
 * `retry-after` says, else until the hour of the primary limit is over, else by guess.
 *
 * @param before how often it was refused so already
 * @returns milliseconds; `undefined` when it is another answer
 */
export function limitWait(
  { status, headers, body }: GitHubAnswer,
  before: number,
  now: number,
): number | undefined {
  if (status !== 403 && status !== 429) return undefined;
  const after = numberOf(headers['retry-after']);
  const used = headers['x-ratelimit-remaining'] === '0';
  const said = /rate limit|abuse detection/i.test(messageOf(body));
  if (status === 403 && after === undefined && !used && !said) return undefined;
  if (after !== undefined) return after * 1000 + spare;
  const reset = numberOf(headers['x-ratelimit-reset']);
  if (used && reset !== undefined) return Math.max(0, reset * 1000 - now) + spare;
  return unsaid * 2 ** before;
}

function numberOf(header: string | string[] | undefined): number | undefined {
  const value = typeof header === 'string' && header !== '' ? Number(header) : Number.NaN;
  return Number.isFinite(value) && value >= 0 ? value : undefined;
}
