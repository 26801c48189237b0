import { expect, it } from '@jest/globals';
import { listRevisions } from './listRevisions.ts';

it('reads the labels of the Secrets of one release, oldest revision first', async () => {
  const asked: unknown[] = [];
  const secret = (version: string, status: string, more = {}) => ({
    metadata: {
      creationTimestamp: '2026-11-25T01:00:00Z',
      labels: { name: 'web', owner: 'helm', version, status, ...more },
    },
  });
  const items = [
    secret('10', 'pending-upgrade'),
    secret('9', 'superseded', { modifiedAt: '1764036000' }),
  ];
  const api = {
    get: async <T>(path: string, options?: unknown) => {
      asked.push(path, options);
      return { items } as T;
    },
  };
  expect(await listRevisions(api, 'web', 'shop')).toEqual([
    { revision: 9, status: 'superseded', updated: '2025-11-25T02:00:00.000Z' },
    { revision: 10, status: 'pending-upgrade', updated: '2026-11-25T01:00:00Z' },
  ]);
  expect(asked).toEqual([
    '/api/v1/namespaces/shop/secrets?labelSelector=owner%3Dhelm%2Cname%3Dweb',
    { headers: { accept: expect.stringContaining('PartialObjectMetadataList') } },
  ]);
});

it('has none where the list is null', async () => {
  const api = { get: async <T>() => ({ items: null }) as T };
  expect(await listRevisions(api, 'web', 'shop')).toEqual([]);
});
