import { describe, expect, it } from '@jest/globals';
import type { KubeObject } from '../preflight/KubeObject.ts';
import { fieldChanges } from './fieldChanges.ts';
import { seenOf } from './plainObject.ts';

const object = (kind: string, rest: object): KubeObject => ({
  ...{ apiVersion: 'v1', kind, metadata: { name: 'web' } },
  ...rest,
});

describe('fields that change', () => {
  it.each<[string, string, object, object, readonly object[]]>([
    [
      'a number',
      'Deployment',
      { spec: { replicas: 1 } },
      { spec: { replicas: 2 } },
      [{ path: 'spec.replicas', before: '1', after: '2' }],
    ],
    [
      'what came',
      'Service',
      { spec: {} },
      { spec: { type: 'NodePort' } },
      [{ path: 'spec.type', after: 'NodePort' }],
    ],
    [
      'a Secret’s data is not shown',
      'Secret',
      { data: { password: 'YQ==' } },
      { data: { password: 'Yg==' } },
      [{ path: 'data.password' }],
    ],
    [
      'a Secret’s stringData is not shown',
      'Secret',
      {},
      { stringData: { key: 'abc' } },
      [{ path: 'stringData.key' }],
    ],
    [
      'a variable is not shown',
      'Pod',
      { spec: { containers: [{ name: 'a', env: [{ name: 'X', value: '1' }] }] } },
      { spec: { containers: [{ name: 'a', env: [{ name: 'X', value: '2' }] }] } },
      [{ path: 'spec.containers[a].env[X].value' }],
    ],
    [
      'what is called a secret is not shown, wherever it stands',
      'Database',
      { spec: { adminPassword: 'a', apiKey: 'b', connectionString: 'c', size: 1 } },
      { spec: { adminPassword: 'b', apiKey: 'c', connectionString: 'd', size: 2 } },
      [
        { path: 'spec.adminPassword' },
        { path: 'spec.apiKey' },
        { path: 'spec.connectionString' },
        { path: 'spec.size', before: '1', after: '2' },
      ],
    ],
    [
      'a file in a ConfigMap is not shown',
      'ConfigMap',
      { data: { 'app.conf': 'a\nb', mode: 'x' } },
      { data: { 'app.conf': 'a\nc', mode: 'y' } },
      [{ path: 'data.app.conf' }, { path: 'data.mode', before: 'x', after: 'y' }],
    ],
    [
      'what the server keeps is none',
      'Pod',
      { metadata: { name: 'web', generation: 1, managedFields: [], uid: 'a' }, status: { a: 1 } },
      { metadata: { name: 'web', generation: 2, uid: 'b' }, status: { a: 2 } },
      [],
    ],
  ])('%s', (_name, kind, before, after, expected) => {
    expect(fieldChanges(object(kind, before), object(kind, after))).toEqual(expected);
  });
});

describe('by what an object is known again', () => {
  const live = (rest: object, metadata: object = {}) =>
    object('Deployment', { metadata: { name: 'web', uid: 'u', ...metadata }, ...rest });
  const one = live({ spec: { replicas: 1, paused: false }, status: { ready: 1 } });

  it.each<[string, KubeObject, boolean, boolean]>([
    [
      'its state',
      live({ spec: { replicas: 1, paused: false }, status: { ready: 2 } }),
      false,
      true,
    ],
    ['the order', live({ spec: { paused: false, replicas: 1 } }), false, true],
    ['a field', live({ spec: { replicas: 2, paused: false } }), false, false],
    ['replicas of an autoscaler', live({ spec: { replicas: 2, paused: false } }), true, true],
    ['another one', live({ spec: { replicas: 1, paused: false } }, { uid: 'v' }), false, false],
  ])('%s', (_name, other, autoscaled, isSame) => {
    const [a, b] = [seenOf(one, autoscaled), seenOf(other, autoscaled)];
    expect(a.uid === b.uid && a.state === b.state).toBe(isSame);
  });

  it('a Secret has no digest that could be guessed from', () => {
    const secret = object('Secret', { metadata: { uid: 'u', resourceVersion: '7' }, data: {} });
    expect(seenOf(secret, false)).toEqual({ uid: 'u', state: 'version 7' });
  });
});
