import { describe, expect, it } from '@jest/globals';
import { type KubeApi, KubeProblem } from '../KubeApi.ts';
import { discover } from './discover.ts';

const resource = (kind: string, plural: string, scope = 'Namespaced') => ({
  ...{ resource: plural, scope },
  responseKind: { group: '', version: '', kind },
});
const answers: Record<string, unknown> = {
  '/api': {
    kind: 'APIGroupDiscoveryList',
    items: [{ metadata: {}, versions: [{ version: 'v1', resources: [resource('Pod', 'pods')] }] }],
  },
  '/apis': {
    kind: 'APIGroupDiscoveryList',
    items: [
      {
        metadata: { name: 'policy' },
        versions: [
          { version: 'v1', resources: [resource('PodDisruptionBudget', 'poddisruptionbudgets')] },
        ],
      },
      {
        metadata: { name: 'storage.k8s.io' },
        versions: [
          { version: 'v1', resources: [resource('StorageClass', 'storageclasses', 'Cluster')] },
        ],
      },
      {
        metadata: { name: 'metrics.k8s.io' },
        versions: [{ version: 'v1beta1', freshness: 'Stale' }],
      },
    ],
  },
};
const server = (change: Record<string, unknown> = {}) => ({
  get: (async (path: string) => {
    const answer = { ...answers, ...change }[path];
    if (answer instanceof Error) throw answer;
    return answer;
  }) as KubeApi['get'],
});

describe('discover', () => {
  it('tells which kinds are served', async () => {
    const served = await discover(server());
    expect(served?.kind('v1', 'Pod')).toEqual({ plural: 'pods', namespaced: true });
    expect(served?.kind('storage.k8s.io/v1', 'StorageClass')?.namespaced).toBe(false);
    expect(served?.kind('policy/v1beta1', 'PodDisruptionBudget')).toBeUndefined();
    expect(served?.versionsOf('PodDisruptionBudget')).toEqual(['policy/v1']);
    expect(served?.silent).toEqual(['metrics.k8s.io']);
    expect(served?.names).toEqual(expect.arrayContaining(['v1', 'v1/Pod', 'policy/v1']));
  });

  it('asks an older server group by group', async () => {
    const served = await discover(
      server({
        '/api': { kind: 'APIVersions', versions: ['v1'] },
        '/apis': {
          kind: 'APIGroupList',
          groups: [
            { name: 'storage.k8s.io', versions: [{ groupVersion: 'storage.k8s.io/v1' }] },
            { name: 'metrics.k8s.io', versions: [{ groupVersion: 'metrics.k8s.io/v1beta1' }] },
          ],
        },
        '/api/v1': {
          resources: [
            { kind: 'Pod', name: 'pods', namespaced: true },
            { kind: 'Eviction', name: 'pods/eviction', namespaced: true },
          ],
        },
        '/apis/storage.k8s.io/v1': {
          resources: [{ kind: 'StorageClass', name: 'storageclasses', namespaced: false }],
        },
        '/apis/metrics.k8s.io/v1beta1': new KubeProblem(503, 'away'),
      }),
    );
    expect(served?.kind('v1', 'Pod')).toEqual({ plural: 'pods', namespaced: true });
    expect(served?.kind('v1', 'Eviction')).toBeUndefined();
    expect(served?.kind('storage.k8s.io/v1', 'StorageClass')?.namespaced).toBe(false);
    expect(served?.silent).toEqual(['metrics.k8s.io']);
    expect(served?.names).toEqual(expect.arrayContaining(['v1', 'v1/Pod', 'storage.k8s.io/v1']));
  });

  it('tells nothing of a server that does not let us', async () => {
    expect(await discover(server({ '/apis': new KubeProblem(403, 'no') }))).toBeUndefined();
  });
});
