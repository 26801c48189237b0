import { Failure, type FailureParts } from '../failure/Failure.ts';
import { passesByItself, passingStatuses } from '../http/passesByItself.ts';
import type { HttpResponse } from '../http/request.ts';
import { plainText } from '../log/sanitize.ts';

/** A failure that another try may not meet. */
export class Passing extends Failure {
  /** As the server said when to come back. */
  readonly waitMs: number | undefined;
  /** How often it is worth it: where the fault may as well be ours, not for ever. */
  readonly atMost: number;

  constructor(parts: FailureParts, { waitMs, atMost = Number.POSITIVE_INFINITY } = {} as Again) {
    super(parts);
    this.waitMs = waitMs;
    this.atMost = atMost;
  }
}

interface Again {
  readonly waitMs?: number | undefined;
  readonly atMost?: number;
}

/** Whether an answer says nothing of the request, so that another one may be better. */
export function isPassingAnswer({ status }: Pick<HttpResponse, 'status'>): boolean {
  return passingStatuses.some((passing) => passing === status);
}

/** The same failure, said to pass. */
export function asPassing(failure: Failure, { headers }: Pick<HttpResponse, 'headers'>): Passing {
  return new Passing(failure, { waitMs: retryAfter(headers['retry-after'], Date.now()) });
}

/** A server's answer that says nothing of the request: too many of them, or trouble of its own. */
export function passingAnswer(
  what: string,
  { status, headers, body }: Pick<HttpResponse, 'status' | 'headers' | 'body'>,
  now = Date.now(),
): Passing {
  return new Passing(
    {
      what: `${what} was answered with ${status}.`,
      remedy:
        status === 429
          ? 'The registry limits requests: log in, or try again later.'
          : 'Try again later; if it stays, look at the state of the registry.',
      details: plainText(body.toString()).slice(0, 2000),
    },
    { waitMs: retryAfter(headers['retry-after'], now) },
  );
}

/** Reads a Retry-After, seconds or a date (RFC 9110, 10.2.3), as milliseconds from now. */
export function retryAfter(
  header: string | readonly string[] | undefined,
  now: number,
): number | undefined {
  const text = typeof header === 'string' ? header.trim() : header?.[0]?.trim();
  if (text === undefined || text === '') return undefined;
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/** Whether another try may succeed: a `Passing`, or a fault of the network. */
export function isPassing(error: unknown): boolean {
  return error instanceof Passing || passesByItself(error);
}
