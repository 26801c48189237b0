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

describe('httpClient, as long as it waits in truth', () => {
  it('waits as the server says, tries a GET again and says so', async () => {
    const times: number[] = [];
    const url = await serve((_, response) => {
      times.push(Date.now());
      if (times.length === 1) response.writeHead(429, { 'retry-after': '1' }).end();
      else response.end('now');
    });
    const { http, said } = recording();
    expect((await http({ url })).body.toString()).toBe('now');
    expect(Number(times[1]) - Number(times[0])).toBeGreaterThanOrEqual(990);
    expect(said).toEqual([expect.stringMatching(/^GET .* is tried again \(1\): it answered 429$/)]);
  });

  it('tries again where nobody listens yet, and tells at the deadline what it met', async () => {
    const { http, said } = recording();
    await expect(http({ url: 'http://127.0.0.1:9/', deadlineMs: 1500 })).rejects.toThrow(
      'Nothing came within 1.5 s; before, nothing listens there (connection refused).',
    );
    expect(said.length).toBeGreaterThan(0);
  });
});
