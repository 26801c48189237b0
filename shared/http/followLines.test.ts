import type { RequestListener } from 'node:http';
import https from 'node:https';
import { describe, expect, it } from '@jest/globals';
import { testServer } from '../../test/lab/testServer.ts';
import { FollowingEnded, followLines } from './followLines.ts';

async function follow(listener: RequestListener, { silenceMs = 5000, stopAfter = 99 } = {}) {
  const url = await testServer(listener);
  const stop = new AbortController();
  const lines: string[] = [];
  const ended = await followLines({
    url,
    headers: {},
    httpsAgent: new https.Agent(),
    silenceMs,
    signal: stop.signal,
    onLine(line) {
      if (lines.push(line) === stopAfter) stop.abort();
    },
  }).catch((error: unknown) => error);
  return { ended, lines };
}

describe('followLines', () => {
  it('gives each line as it comes, whole, wherever the chunks are cut', async () => {
    const { ended, lines } = await follow((_, response) => {
      const bytes = Buffer.from('{"a":"é"}\n\n{"b":2}\n');
      response.write(bytes.subarray(0, 7));
      setTimeout(() => response.end(bytes.subarray(7)), 20);
    });
    expect(lines).toEqual(['{"a":"é"}', '{"b":2}']);
    expect(ended).toBe(200);
  });

  it('gives the status of a refusal, and no line of it', async () => {
    const { ended, lines } = await follow((_, response) => response.writeHead(410).end('gone\n'));
    expect({ ended, lines }).toEqual({ ended: 410, lines: [] });
  });

  it.each<[string, RequestListener, { silenceMs?: number; stopAfter?: number }]>([
    ['falls silent', (_, response) => response.write('1\n'), { silenceMs: 100 }],
    [
      'is cut',
      (_, response) => {
        response.write('1\n');
        setTimeout(() => response.destroy(), 50);
      },
      {},
    ],
    ['is no longer wanted', (_, response) => response.write('1\n'), { stopAfter: 1 }],
  ])('ends with an error when the answer %s', async (_, listener, options) => {
    const { ended, lines } = await follow(listener, options);
    expect(ended).toBeInstanceOf(FollowingEnded);
    expect(lines).toEqual(['1']);
  });
});
