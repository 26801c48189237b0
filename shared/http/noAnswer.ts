import type { FailureParts } from '../failure/Failure.ts';
import { sentence } from '../failure/sentence.ts';
import { explainNetworkError } from './explainNetworkError.ts';

/** What a person is told of a request that came to no answer, or to none in full. */
export function noAnswer(url: string, error: unknown): FailureParts {
  return {
    what: `${shownAddress(url)} gave no answer.`,
    why: sentence(explainNetworkError(error)),
    remedy: 'Check the address, and that this runner reaches it (firewall, proxy, DNS).',
    cause: error,
  };
}

/** What of an address may be shown: its query can hold a token. */
export function shownAddress(url: string): string {
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname}`;
}
