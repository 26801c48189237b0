import { gunzipSync, gzipSync } from 'node:zlib';
import { expect, it } from '@jest/globals';
import { markFailed } from './markFailed.ts';

const pack = (record: unknown) =>
  Buffer.from(gzipSync(JSON.stringify(record)).toString('base64')).toString('base64');
const unpack = (data: string) =>
  JSON.parse(
    gunzipSync(Buffer.from(Buffer.from(data, 'base64').toString(), 'base64')).toString(),
  ) as unknown;

it('changes the status in the record and in its label, and nothing else', async () => {
  const record = { name: 'web', version: 2, info: { status: 'pending-upgrade', notes: 'n' } };
  const secret = {
    metadata: { name: 's', resourceVersion: '7', labels: { status: 'pending-upgrade', a: 'b' } },
    data: { release: pack(record) },
    type: 'helm.sh/release.v1',
  };
  const put: { path: string; object: typeof secret }[] = [];
  const api = {
    get: async <T>() => secret as T,
    replace: async (path: string, object: unknown) =>
      void put.push({ path, object: object as typeof secret }),
  };
  await markFailed(api, { release: 'web', namespace: 'shop', revision: 2 }, 'was killed');
  expect(put).toHaveLength(1);
  const { path, object } = put[0] ?? { path: '', object: secret };
  expect(path).toBe('/api/v1/namespaces/shop/secrets/sh.helm.release.v1.web.v2');
  expect(object.metadata).toEqual({
    name: 's',
    resourceVersion: '7',
    labels: { status: 'failed', a: 'b' },
  });
  expect(object.type).toBe('helm.sh/release.v1');
  expect(unpack(object.data.release)).toEqual({
    ...record,
    info: { status: 'failed', notes: 'n', description: 'was killed' },
  });
});
