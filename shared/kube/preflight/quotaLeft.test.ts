import { describe, expect, it } from '@jest/globals';
import type { KubeObject } from './KubeObject.ts';
import { makesPods, podsToCome } from './podsToCome.ts';
import { quantity } from './quantity.ts';
import { quotaLeft } from './quotaLeft.ts';

it.each([
  ['1', 1],
  ['100m', 0.1],
  ['1Gi', 2 ** 30],
  ['1.5k', 1500],
  ['2e3', 2000],
  [4, 4],
  ['x', Number.NaN],
  ['1Xi', Number.NaN],
])('%s is %d', (text, expected) => {
  expect(quantity(text)).toBe(expected);
});

const workload = (kind: string, spec: object, status?: object, generation = 1): KubeObject => ({
  apiVersion: 'apps/v1',
  kind,
  metadata: { name: 'a', generation },
  spec,
  ...(status && { status }),
});
const running = { observedGeneration: 1, replicas: 4 };

describe('podsToCome', () => {
  it.each([
    ['a new Deployment', workload('Deployment', { replicas: 3 }), 3],
    ['one that does not change', workload('Deployment', { replicas: 4 }, running), 0],
    ['one that grows', workload('Deployment', { replicas: 6 }, running, 1), 2],
    [
      'one that is updated: a quarter more',
      workload(
        'Deployment',
        { replicas: 4, strategy: { rollingUpdate: { maxSurge: '25%', maxUnavailable: 0 } } },
        running,
        2,
      ),
      1,
    ],
    [
      'one that takes old pods away first',
      workload(
        'Deployment',
        { replicas: 4, strategy: { rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } } },
        running,
        2,
      ),
      0,
    ],
    [
      'one replica, which has to be made first',
      workload(
        'Deployment',
        { replicas: 1, strategy: { rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } } },
        { observedGeneration: 1, replicas: 1 },
        2,
      ),
      1,
    ],
    [
      'one that is made anew',
      workload('Deployment', { replicas: 4, strategy: { type: 'Recreate' } }, running, 2),
      0,
    ],
    ['a StatefulSet that is updated', workload('StatefulSet', { replicas: 4 }, running, 2), 0],
    ['a Job', workload('Job', { parallelism: 4, completions: 2 }), 2],
    ['a CronJob, at some time', workload('CronJob', {}), 0],
    ['a DaemonSet: on one node at least', workload('DaemonSet', {}), 1],
    ['no replicas', workload('Deployment', { replicas: 0 }), 0],
  ])('%s', (_what, object, expected) => {
    expect(podsToCome(object)).toBe(expected);
  });
});

it.each([
  ['a new one', workload('Deployment', {}), true],
  ['one that does not change', workload('Deployment', { replicas: 4 }, running), false],
  ['one that grows', workload('Deployment', { replicas: 5 }, running), true],
  ['one that changes', workload('StatefulSet', { replicas: 4 }, running, 2), true],
  ['one without replicas', workload('Deployment', { replicas: 0 }), false],
  ['a CronJob', workload('CronJob', {}), true],
])('%s makes pods: %s', (_what, object, expected) => {
  expect(makesPods(object)).toBe(expected);
});

describe('quotaLeft', () => {
  const pod: KubeObject = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {},
    spec: {
      initContainers: [{ resources: { requests: { cpu: '2' } } }],
      containers: [
        { resources: { requests: { cpu: '500m', memory: '1Gi' } } },
        { resources: { requests: { cpu: '500m' }, limits: { memory: '2Gi' } } },
      ],
    },
  };
  const quota = (hard: object, used: object = {}, spec: object = {}): KubeObject => ({
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { name: 'q' },
    spec,
    status: { hard, used },
  });
  it.each([
    ['enough', quota({ pods: '3' }), 3, undefined],
    ['too few pods, for ever', quota({ pods: '2' }), 3, true],
    ['too few pods, as long as others are there', quota({ pods: '4' }, { pods: '2' }), 3, false],
    ['cpu: the init container wants most', quota({ 'requests.cpu': '5' }), 3, true],
    ['cpu by its short name', quota({ cpu: '6' }), 3, undefined],
    ['limits', quota({ 'limits.memory': '5Gi' }), 3, true],
    ['a quota of other things', quota({ services: '0', 'count/secrets': '0' }), 3, undefined],
    ['a quota of some pods', quota({ pods: '0' }, {}, { scopes: ['BestEffort'] }), 3, undefined],
    ['one pod: the server said it', quota({ pods: '0' }), 1, undefined],
  ])('%s', (_what, one, count, certain) => {
    const [found] = quotaLeft([one], [{ name: 'Deployment/a', pod, count }]);
    expect(found?.certain).toBe(certain);
  });

  it('tells how much of what', () => {
    expect(
      quotaLeft([quota({ pods: '4' }, { pods: '2' })], [{ name: 'Deployment/a', pod, count: 3 }])[0]
        ?.why,
    ).toBe('They want 3 of pods (3 of Deployment/a), 2 of 4 are in use');
  });
});
