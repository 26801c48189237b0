import { Buffer } from 'node:buffer';
import { describe, expect, it } from '@jest/globals';
import type { HttpResponse } from '../../../../../shared/http/request.ts';
import { KubeProblem } from '../../../../../shared/kube/KubeApi.ts';
import { verdictOf } from './Drift.ts';
import { findDrift } from './findDrift.ts';

const discovery = (path: string) => {
  const kind = (name: string, resource: string) => ({
    ...{ resource, scope: 'Namespaced', responseKind: { kind: name } },
  });
  const groups =
    path === '/api'
      ? [{ versions: [{ version: 'v1', resources: [kind('ConfigMap', 'configmaps')] }] }]
      : [
          {
            metadata: { name: 'batch' },
            versions: [{ version: 'v1', resources: [kind('Job', 'jobs')] }],
          },
        ];
  return { kind: 'APIGroupDiscoveryList', items: groups };
};

const map = (data: object) => ({
  ...{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', uid: 'u' }, data },
});

/** An API server with one object; `refused` is what it answers when it is asked to try it. */
const server = (live: object | number, refused?: readonly [number, string]) => ({
  async get<T>(path: string): Promise<T> {
    if (path === '/api' || path === '/apis') return discovery(path) as T;
    if (path.includes('horizontalpodautoscalers')) return { items: [] } as T;
    if (typeof live === 'number') throw new KubeProblem(live, 'no');
    return live as T;
  },
  async attempt(_method: string, _path: string, object: unknown): Promise<HttpResponse> {
    const [status, message] = refused ?? [200, ''];
    const answer = refused ? { message } : { ...(live as object), ...(object as object) };
    const body = Buffer.from(JSON.stringify(answer));
    return { status, body, headers: {} } as HttpResponse;
  },
});

const stated = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {x: "1"}\n';
const job = (ttl: string) =>
  `apiVersion: batch/v1\nkind: Job\nmetadata: {name: a}\nspec: {${ttl}}\n`;
const owner = { release: 'web', namespace: 'apps' };

describe('drift', () => {
  it.each<[string, string, ReturnType<typeof server>, string]>([
    ['none', stated, server(map({ x: '1' })), 'pass'],
    ['a field', stated, server(map({ x: '2' })), 'violation'],
    ['an object that is gone', stated, server(404), 'violation'],
    ['a Job that is gone', job(''), server(404), 'violation'],
    ['a Job whose time is over', job('ttlSecondsAfterFinished: 5'), server(404), 'pass'],
    ['what may not be read', stated, server(403), 'incomplete'],
    [
      'what may not be tried',
      stated,
      server(map({ x: '1' }), [403, 'admission webhook "w" does not support dry run']),
      'incomplete',
    ],
    [
      'a kind that is gone',
      'apiVersion: x/v1\nkind: X\nmetadata: {name: a}\n',
      server(404),
      'incomplete',
    ],
  ])('%s', async (_name, manifest, api, expected) => {
    const drift = await findDrift(manifest, owner, api);
    // Helm's own marks are part of what it applies; they are there in a cluster.
    const drifted = drift.drifted.flatMap((one) => {
      const fields = one.fields.filter(({ path }) => path.startsWith('data.'));
      return fields.length > 0 || one.note !== undefined ? [one] : [];
    });
    expect(verdictOf({ ...drift, drifted })).toBe(expected);
  });
});
