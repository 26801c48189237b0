import type https from 'node:https';
import { pipeline } from 'node:stream/promises';
import got, { RequestError } from 'got';
import { explainNetworkError } from './explainNetworkError.ts';

export interface FollowRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly httpsAgent: https.Agent;
  /** An answer that says nothing for so long is taken as lost. */
  readonly silenceMs: number;
  readonly signal: AbortSignal;
  readonly onLine: (line: string) => void;
}

/** The answer ended before its time, or never came; the message says how, in words. */
export class FollowingEnded extends Error {
  override readonly name = 'FollowingEnded';
}

/**
 * Follows an answer that goes on, line by line. Nothing is sent again: the caller knows from where to
 * go on.
 *
 * @returns the status, when the answer has come to its end; lines come of a 200 only
 * @throws {FollowingEnded} when it was cut, fell silent, or `signal` aborted
 */
export async function followLines(request: FollowRequest): Promise<number> {
  const { url, headers, httpsAgent, silenceMs, signal, onLine } = request;
  const stream = got.stream(url, {
    headers: { 'user-agent': 'platform-actions', ...headers },
    agent: { https: httpsAgent },
    timeout: { connect: 10_000, response: 30_000, socket: silenceMs },
    retry: { limit: 0 },
    throwHttpErrors: false,
    decompress: false,
    signal,
  });
  let status = 0;
  stream.on('response', ({ statusCode }: { statusCode: number }) => {
    status = statusCode;
  });
  try {
    await pipeline(stream.setEncoding('utf8'), async (chunks: AsyncIterable<string>) => {
      let rest = '';
      for await (const chunk of chunks) {
        const lines = (rest + chunk).split('\n');
        rest = lines.pop() ?? '';
        if (status !== 200) continue;
        for (const line of lines) if (line !== '') onLine(line);
      }
    });
  } catch (error) {
    if (!(error instanceof RequestError) && !signal.aborted) throw error;
    throw new FollowingEnded(explainNetworkError(error), { cause: error });
  }
  return status;
}
