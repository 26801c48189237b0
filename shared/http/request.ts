import { Buffer } from 'node:buffer';
import got, { type Method, RequestError } from 'got';
import { Failure } from '../failure/Failure.ts';
import type { Log } from '../log/Log.ts';
import { connectionPool, type PoolOptions } from './connectionPool.ts';
import { explainNetworkError } from './explainNetworkError.ts';
import { noAnswer, shownAddress } from './noAnswer.ts';
import { passingCodes, passingStatuses } from './passesByItself.ts';

export interface HttpRequest {
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /**
   * Whether the request may be sent again after an answer that was lost or told us to come back. By
   * default only what cannot create anything twice: GET and HEAD.
   */
  readonly repeatable?: boolean;
  /** Whether GET and HEAD go on to where an answer leads; they do by default. */
  readonly followRedirect?: boolean;
  /** For the whole request, retries included. */
  readonly deadlineMs?: number;
  readonly signal?: AbortSignal | undefined;
}

export interface HttpResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** How the library speaks HTTP; tests give their own, or a server behind the fault proxy. */
export type Http = (request: HttpRequest) => Promise<HttpResponse>;

export interface HttpOptions extends PoolOptions {
  readonly log: Log;
}

/**
 * A client with one pool of connections a host. It retries what is known to be safe, waits as long
 * as the server says (Retry-After), and says that it does. Every status is an answer, not an error.
 *
 * @throws {Failure} by the returned function, when no answer came within the deadline
 */
export function httpClient({ log, ...options }: HttpOptions): Http {
  const agent = connectionPool(options);
  const { ca } = options;
  return async ({
    method = 'GET',
    url,
    headers = {},
    body,
    repeatable,
    followRedirect = true,
    deadlineMs = 60_000,
    signal,
  }) => {
    const deadline = AbortSignal.timeout(deadlineMs);
    let lastCause: string | undefined;
    const safe = repeatable ?? (method === 'GET' || method === 'HEAD');
    try {
      const response = await got(url, {
        method: method as Method,
        headers: { 'user-agent': 'platform-actions', ...headers },
        ...(body !== undefined && { body }),
        agent,
        ...(ca && { https: { certificateAuthority: [ca] } }),
        responseType: 'buffer',
        throwHttpErrors: false,
        followRedirect: followRedirect && (method === 'GET' || method === 'HEAD'),
        signal: signal ? AbortSignal.any([signal, deadline]) : deadline,
        timeout: { connect: 10_000, response: 30_000 },
        retry: {
          limit: safe ? 5 : 0,
          methods: [method],
          statusCodes: [...passingStatuses],
          errorCodes: [...passingCodes],
          maxRetryAfter: deadlineMs,
        },
        hooks: {
          beforeRetry: [
            (error, count) => {
              lastCause = explainNetworkError(error);
              log.info(`${method} ${shownAddress(url)} is tried again (${count}): ${lastCause}`);
            },
          ],
        },
      });
      return {
        status: response.statusCode,
        headers: response.headers,
        body: Buffer.from(response.rawBody),
      };
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof RequestError)) throw error;
      throw new Failure({
        ...noAnswer(url, error),
        ...(deadline.aborted && {
          why: `Nothing came within ${deadlineMs / 1000} s${lastCause === undefined ? '' : `; before, ${lastCause}`}.`,
        }),
      });
    }
  };
}
