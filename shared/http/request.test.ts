import { describe, expect, it } from '@jest/globals';
import { testServer as serve } from '../../test/lab/testServer.ts';
import { silent } from '../log/Log.ts';
import { httpClient } from './request.ts';

function recording() {
  const said: string[] = [];
  return {
    said,
    http: httpClient({ env: {}, log: { ...silent, info: (text) => said.push(text) } }),
  };
}

describe('httpClient', () => {
  it('gives every status as an answer', async () => {
    const url = await serve((_, response) => response.writeHead(404).end('none'));
    const answer = await recording().http({ url });
    expect(answer.status).toBe(404);
    expect(answer.body.toString()).toBe('none');
  });

  it('sends a POST once, unless it is said to be repeatable', async () => {
    let count = 0;
    const url = await serve((_, response) => {
      count++;
      response.writeHead(count < 2 ? 503 : 201, { 'retry-after': '0' }).end();
    });
    const { http } = recording();
    expect((await http({ url, method: 'POST', body: 'x' })).status).toBe(503);
    expect(count).toBe(1);
    count = 0;
    expect((await http({ url, method: 'POST', body: 'x', repeatable: true })).status).toBe(201);
  });

  it('ends at the deadline, retries included', async () => {
    const url = await serve(() => {});
    const started = Date.now();
    await expect(recording().http({ url, deadlineMs: 300 })).rejects.toThrow(
      /Nothing came within 0.3 s/,
    );
    expect(Date.now() - started).toBeLessThan(2000);
  });

  it('says what an error of the network means, without the query', async () => {
    await expect(
      recording().http({ url: 'http://127.0.0.1:9/v2/?token=hidden', method: 'POST' }),
    ).rejects.toThrow(
      'http://127.0.0.1:9/v2/ gave no answer. Nothing listens there (connection refused)',
    );
  });
});
