import { Buffer } from 'node:buffer';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { releasedKinds } from './releasedKinds.ts';

const stored = (manifest: string) => {
  const zipped = gzipSync(JSON.stringify({ manifest })).toString('base64');
  return { data: { release: Buffer.from(zipped).toString('base64') } };
};
const answering = (answer: unknown) => ({ get: async <T>() => answer as T });
const widget = { apiVersion: 'example.com/v1', kind: 'Widget' };

describe('the kinds of a release that others have defined', () => {
  it.each<[string, string, unknown[]]>([
    ['none', '---\napiVersion: apps/v1\nkind: Deployment\n', []],
    ['of Kubernetes', '---\napiVersion: networking.k8s.io/v1\nkind: Ingress\n', []],
    ['one, once', `${'---\napiVersion: example.com/v1\nkind: Widget\n'.repeat(2)}`, [widget]],
    ['in JSON', `---\n${JSON.stringify(widget)}\n---\napiVersion: v1\nkind: Secret\n`, [widget]],
    [
      'of a project of Kubernetes',
      'apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway',
      [{ apiVersion: 'gateway.networking.k8s.io/v1', kind: 'Gateway' }],
    ],
  ])('%s', async (_name, manifest, kinds) => {
    expect(await releasedKinds(answering(stored(manifest)), 'web', 'default', 1)).toEqual(kinds);
  });

  it.each([
    ['no record', {}],
    ['a record that is none', { data: { release: 'bm9uZQ==' } }],
  ])('are not known from %s', async (_name, answer) => {
    expect(await releasedKinds(answering(answer), 'web', 'default', 1)).toEqual([]);
  });
});
