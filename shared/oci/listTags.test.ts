import { Buffer } from 'node:buffer';
import { expect, it } from '@jest/globals';
import { listTags, nextPage } from './listTags.ts';
import { parseReference } from './Reference.ts';

it.each<[string | undefined, string | undefined]>([
  [undefined, undefined],
  ['', undefined],
  ['</v2/web/tags/list?last=b&n=2>; rel="next"', '/v2/web/tags/list?last=b&n=2'],
  ['<https://r.io/next>; rel=next', 'https://r.io/next'],
  ['</first>; rel="first", </v2/x?n=1>; rel="next"', '/v2/x?n=1'],
  ['</first>; rel="first"', undefined],
])('the next page of %j is %j', (link, expected) => {
  expect(nextPage(link)).toBe(expected);
});

it('goes through all pages, and takes a missing repository as an empty one', async () => {
  const pages: Record<string, [number, unknown, Record<string, string>?]> = {
    'tags/list?n=1000': [200, { tags: ['a', 'b'] }, { link: '</v2/web/next>; rel="next"' }],
    '/v2/web/next': [200, { tags: null }],
  };
  const client = (repository: typeof pages) => ({
    isSignedIn: () => false,
    send: async (_: unknown, { path }: { path: string }) => {
      const [status, body, headers = {}] = repository[path] ?? [404, {}];
      return { status, headers, body: Buffer.from(JSON.stringify(body)) };
    },
  });
  expect(await listTags(client(pages), parseReference('r.io/web'))).toEqual(['a', 'b']);
  expect(await listTags(client({}), parseReference('r.io/web'))).toEqual([]);
});
