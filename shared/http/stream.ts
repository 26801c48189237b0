import type { Readable } from 'node:stream';
import got, { type PlainResponse } from 'got';
import { Failure } from '../failure/Failure.ts';
import { connectionPool, type PoolOptions } from './connectionPool.ts';
import { noAnswer } from './noAnswer.ts';

export interface StreamRequest {
  readonly method: 'GET' | 'PUT' | 'PATCH';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Readable | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface StreamResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Has to be read to its end or destroyed; until then it holds a connection. */
  readonly body: Readable;
}

/** How the library moves what is too large for memory; tests give their own. */
export type HttpStream = (request: StreamRequest) => Promise<StreamResponse>;

/** A transfer in which nothing moves for so long is taken as lost. */
const silenceMs = 60_000;

/**
 * A client for bodies of any size, in either direction: they are never held in memory. Nothing is
 * sent again; whoever knows how far it came can go on from there.
 *
 * @throws {Failure} by the returned function, when no answer came; a body that breaks later fails as
 *   a stream
 */
export function httpStream(options: PoolOptions): HttpStream {
  const agent = connectionPool(options);
  const { ca } = options;
  return async ({ method, url, headers = {}, body, signal }) => {
    const stream = got.stream(url, {
      method,
      headers: { 'user-agent': 'platform-actions', ...headers },
      ...(body && { body }),
      agent,
      ...(ca && { https: { certificateAuthority: [ca] } }),
      // A blob is its bytes: what is packed stays packed.
      decompress: false,
      throwHttpErrors: false,
      followRedirect: method === 'GET',
      retry: { limit: 0 },
      timeout: { connect: 10_000, socket: silenceMs },
      ...(signal && { signal }),
    });
    try {
      const { statusCode, headers: answered } = await answerOf(stream);
      return { status: statusCode, headers: answered, body: stream };
    } catch (error) {
      body?.destroy();
      signal?.throwIfAborted();
      // What broke may be the source of what we send, which says itself why.
      const { cause } = error as { cause?: unknown };
      throw cause instanceof Failure ? cause : new Failure(noAnswer(url, error));
    }
  };
}

function answerOf(stream: ReturnType<typeof got.stream>): Promise<PlainResponse> {
  return new Promise((resolve, reject) => {
    stream.once('response', resolve);
    // Stays on: a stream that fails with nobody listening would end the process.
    stream.on('error', reject);
  });
}
