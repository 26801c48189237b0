import { Buffer } from 'node:buffer';
import { describe, expect, it } from '@jest/globals';
import type { HttpRequest, HttpResponse } from '../http/request.ts';
import { parseReference } from './Reference.ts';
import { RegistryClient } from './RegistryClient.ts';

const image = parseReference('r.test/team/web');
const bytes = Buffer.from('{}');
const digest = 'sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a';

interface Seen {
  readonly request: string;
  readonly authorization: string | undefined;
}

/** A registry that wants a token, and gives this location for an upload. */
function open({ location, known = 404 }: { location: string; known?: number }) {
  const seen: Seen[] = [];
  const http = async ({ method = 'GET', url, headers = {} }: HttpRequest) => {
    const { authorization } = headers;
    seen.push({ request: `${method} ${url}`, authorization });
    const answer = (status: number, more = {}, body = '{}'): HttpResponse => ({
      ...{ status, headers: more, body: Buffer.from(body) },
    });
    if (url.startsWith('https://auth.test')) return answer(200, {}, '{"token":"t"}');
    if (new URL(url).host === 'r.test' && authorization === undefined) {
      return answer(401, { 'www-authenticate': 'Bearer realm="https://auth.test/t",service="s"' });
    }
    if (method === 'HEAD') return answer(known);
    return method === 'POST' ? answer(202, { location }) : answer(201);
  };
  return { seen, client: new RegistryClient({ http, credentialFor: async () => undefined }) };
}

describe('putBlob', () => {
  it.each([
    ['a path', '/v2/team/web/blobs/uploads/1', 'https://r.test/v2/team/web/blobs/uploads/1?'],
    ['one with a query', '/u?state=a%2Fb', 'https://r.test/u?state=a%2Fb&'],
    ['an address of its own', 'https://r.test/u', 'https://r.test/u?'],
  ])('follows a location that is %s, with the token', async (_name, location, expected) => {
    const { client, seen } = open({ location });
    expect(await client.putBlob(image, bytes)).toEqual({ digest, size: 2 });
    expect(seen.at(-1)).toEqual({
      request: `PUT ${expected}digest=${digest}`,
      authorization: 'Bearer t',
    });
  });

  it('keeps the token from a location elsewhere', async () => {
    const { client, seen } = open({ location: 'https://store.test/u' });
    await client.putBlob(image, bytes);
    expect(seen.at(-1)).toEqual({
      request: `PUT https://store.test/u?digest=${digest}`,
      authorization: undefined,
    });
  });

  it('sends nothing that is there, and asks for another repository by what it has learnt', async () => {
    const { client, seen } = open({ location: '/u', known: 200 });
    await client.putBlob(image, bytes);
    await client.putBlob({ ...image, repository: 'other' }, bytes);
    expect(seen.map(({ request }) => request.split('/v2/')[0])).toEqual([
      'HEAD https://r.test',
      expect.stringContaining('scope=repository%3Ateam%2Fweb%3Apull%2Cpush'),
      'HEAD https://r.test',
      expect.stringContaining('scope=repository%3Aother%3Apull%2Cpush'),
      'HEAD https://r.test',
    ]);
  });
});
