import { describe, expect, it } from '@jest/globals';
import type { V1ObjectMeta } from '@kubernetes/client-node';
import { forOthersMs, heals } from '../Patience.ts';
import { workloadsOf } from '../rollout.ts';
import { type CustomObject, emptySnapshot, type Snapshot } from '../Snapshot.ts';

const mine = { name: 'web', uid: 'u', annotations: { 'meta.helm.sh/release-name': 'web' } };
const meta = (more: V1ObjectMeta = {}): V1ObjectMeta => ({ ...mine, generation: 2, ...more });
const event = (reason: string, message: string, type = 'Warning') => ({
  ...{ metadata: {}, involvedObject: { uid: 'u' }, reason, message, type },
});
const template = (labels: Record<string, string>) => ({ metadata: { labels } });

const statefulSet = (spec: object, status: object): Partial<Snapshot> => ({
  statefulSets: [
    {
      metadata: meta(),
      spec: { replicas: 3, selector: {}, template: {}, ...spec },
      status: { replicas: 3, observedGeneration: 2, ...status },
    },
  ],
});
const daemonSet = (status: object, nodes: Snapshot['nodes'] = [], pod = {}) => ({
  daemonSets: [
    {
      metadata: meta(),
      spec: { selector: {}, template: { spec: { containers: [], ...pod } } },
      status: {
        ...{ currentNumberScheduled: 0, desiredNumberScheduled: 0, numberMisscheduled: 0 },
        ...{ numberReady: 0, observedGeneration: 2, ...status },
      },
    },
  ],
  nodes,
});
const node = (labels: Record<string, string>, key?: string) => ({
  metadata: { labels },
  spec: { taints: key === undefined ? [] : [{ key, effect: 'NoSchedule' }] },
});
const job = (spec: object, status: object): Partial<Snapshot> => ({
  jobs: [{ metadata: meta(), spec: { template: {}, ...spec }, status }],
});
const condition = (type: string, status: string, reason = '', message = '') => ({
  ...{ type, status, reason, message },
});
const service = (spec: object, status = {}): Partial<Snapshot> => ({
  services: [{ metadata: meta(), spec: { type: 'LoadBalancer', ...spec }, status }],
});
const routed = (
  backend: string,
  selector: Record<string, string> | undefined,
  more: Partial<Snapshot> = {},
): Partial<Snapshot> => ({
  ingresses: [
    {
      metadata: meta(),
      spec: { defaultBackend: { service: { name: backend, port: { number: 80 } } } },
    },
  ],
  services: [
    {
      metadata: { name: 'front' },
      spec: { ports: [{ port: 80 }], ...(selector && { selector }) },
    },
  ],
  ...more,
});
const claim = (phase: string, events: Snapshot['events'] = [], more: Partial<Snapshot> = {}) => ({
  claims: [{ metadata: meta(), spec: { storageClassName: 'fast' }, status: { phase } }],
  events,
  ...more,
});
const scaler = (...conditions: object[]): Partial<Snapshot> => ({
  autoscalers: [
    {
      metadata: meta(),
      spec: { maxReplicas: 2, scaleTargetRef: { kind: 'Deployment', name: 'web' } },
      status: { conditions: conditions as never, desiredReplicas: 1 },
    },
  ],
});
const custom = (status: CustomObject['status'] | undefined, reports = true): Partial<Snapshot> => ({
  customs: [{ kind: 'Widget', metadata: meta(), ...(status && { status }), reports }],
});

describe('readiness', () => {
  it.each<[string, Partial<Snapshot>, expected: string | number]>([
    [
      'a StatefulSet whose pods are all of this revision',
      statefulSet({}, { updatedReplicas: 3, readyReplicas: 3 }),
      'ready',
    ],
    [
      'one that has not replaced its first',
      statefulSet({}, { updatedReplicas: 2, readyReplicas: 3 }),
      'waits',
    ],
    [
      'one whose partition keeps one',
      statefulSet(
        { updateStrategy: { rollingUpdate: { partition: 1 } } },
        { updatedReplicas: 2, readyReplicas: 3 },
      ),
      'ready',
    ],
    [
      'one whose partition keeps one, and one is not ready',
      statefulSet(
        { updateStrategy: { rollingUpdate: { partition: 1 } } },
        { updatedReplicas: 2, readyReplicas: 2 },
      ),
      'waits',
    ],
    [
      'one that people update',
      statefulSet(
        { updateStrategy: { type: 'OnDelete' } },
        { updatedReplicas: 0, readyReplicas: 3 },
      ),
      'ready',
    ],
    [
      'one that people update, of which one is not ready',
      statefulSet({ updateStrategy: { type: 'OnDelete' } }, { readyReplicas: 2 }),
      'waits',
    ],
    [
      'one whose change is not seen',
      statefulSet({}, { updatedReplicas: 3, readyReplicas: 3, observedGeneration: 1 }),
      'waits',
    ],
    [
      'one whose pods have to stay ready',
      statefulSet(
        { minReadySeconds: 5 },
        { updatedReplicas: 3, readyReplicas: 3, availableReplicas: 2 },
      ),
      'waits',
    ],
    [
      'a DaemonSet for nodes that there are none of',
      daemonSet({}, [node({}, 'gpu')], { nodeSelector: { gpu: 'yes' } }),
      'ready',
    ],
    [
      'a DaemonSet whose nodes all have a taint',
      daemonSet({}, [node({ gpu: 'yes' }, 'gpu')], { nodeSelector: { gpu: 'yes' } }),
      'NoNodes',
    ],
    [
      'a DaemonSet with a node affinity',
      daemonSet({}, [node({}, 'gpu')], { affinity: { nodeAffinity: {} } }),
      'ready',
    ],
    [
      'a DaemonSet with nodes',
      daemonSet({ desiredNumberScheduled: 2, updatedNumberScheduled: 2, numberReady: 1 }),
      'waits',
    ],
    [
      'a Job that is complete',
      job({}, { succeeded: 1, conditions: [condition('Complete', 'True')] }),
      'ready',
    ],
    ['a Job that runs', job({}, { active: 1 }), 'waits'],
    ['a Job that is suspended', job({ suspend: true }, {}), 'Suspended'],
    [
      'a Job that has failed',
      job({}, { conditions: [condition('Failed', 'True', 'BackoffLimitExceeded')] }),
      'BackoffLimitExceeded',
    ],
    [
      'a Job in which some have failed after others',
      job(
        { completions: 1 },
        { succeeded: 1, conditions: [condition('Failed', 'True', 'PodFailurePolicy')] },
      ),
      'PodFailurePolicy',
    ],
    [
      'a pod that has ended well',
      { pods: [{ metadata: meta(), status: { phase: 'Succeeded' } }] },
      'ready',
    ],
    [
      'a pod that has failed',
      { pods: [{ metadata: meta(), status: { phase: 'Failed' } }] },
      'waits',
    ],
    [
      'a pod that runs and is not ready',
      { pods: [{ metadata: meta(), status: { phase: 'Running' } }] },
      'waits',
    ],
    [
      'a load balancer with an address',
      service({}, { loadBalancer: { ingress: [{ ip: '192.0.2.1' }] } }),
      'ready',
    ],
    ['a load balancer without', service({}), 'NoAddress'],
    [
      'a load balancer whose controller says why',
      { ...service({}), events: [event('SyncLoadBalancerFailed', 'no subnet')] },
      'SyncLoadBalancerFailed',
    ],
    [
      'an address with pods',
      routed('front', { app: 'a' }, { pods: [{ metadata: { labels: { app: 'a' } } }] }),
      'ready',
    ],
    [
      'an address of what is scaled to nothing',
      routed(
        'front',
        { app: 'a' },
        {
          deployments: [{ metadata: {}, spec: { selector: {}, template: template({ app: 'a' }) } }],
        },
      ),
      'ready',
    ],
    ['an address of endpoints that others write', routed('front', undefined), 'ready'],
    [
      'an address whose selector no pod has',
      routed('front', { app: 'a' }, { pods: [{ metadata: { labels: { app: 'b' } } }] }),
      'NoEndpoints',
    ],
    ['an address of no service', routed('back', { app: 'a' }), 'NoService'],
    ['a claim with its volume', claim('Bound'), 'ready'],
    ['a claim that has lost it', claim('Lost'), 'Lost'],
    [
      'a claim that waits for its first pod',
      claim('Pending', [event('WaitForFirstConsumer', '', 'Normal')]),
      'ready',
    ],
    [
      'a claim that waits though it has a pod',
      claim('Pending', [event('WaitForFirstConsumer', '', 'Normal')], {
        pods: [
          {
            metadata: {},
            spec: {
              containers: [],
              volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'web' } }],
            },
          },
        ],
      }),
      'Pending',
    ],
    [
      'a claim of a class that is not there',
      claim('Pending', [
        event('ProvisioningFailed', 'storageclass.storage.k8s.io "fast" not found'),
      ]),
      forOthersMs,
    ],
    ['an autoscaler that has said nothing yet', scaler(), 'ready'],
    ['an autoscaler that works', scaler(condition('ScalingActive', 'True')), 'ready'],
    [
      'an autoscaler of what is scaled to nothing',
      scaler(condition('ScalingActive', 'False', 'ScalingDisabled')),
      'ready',
    ],
    [
      'an autoscaler without metrics',
      scaler(condition('ScalingActive', 'False', 'FailedGetResourceMetric')),
      'FailedGetResourceMetric',
    ],
    ['a custom resource of a kind without conditions', custom(undefined, false), 'ready'],
    ['one whose kind has conditions, and that has none', custom(undefined), 'NotReported'],
    [
      'one whose owner says yes',
      custom({ conditions: [condition('Ready', 'True')], observedGeneration: 2 }),
      'ready',
    ],
    [
      'one whose owner speaks of the change before',
      custom({ conditions: [condition('Ready', 'True')], observedGeneration: 1 }),
      'NotObserved',
    ],
    [
      'one whose owner says no',
      custom({ conditions: [condition('Ready', 'False', 'NoIssuer')] }),
      'NoIssuer',
    ],
    [
      'one whose owner does not know yet',
      custom({ conditions: [condition('Available', 'Unknown')] }),
      'Available',
    ],
    [
      'one whose owner has given up',
      custom({ conditions: [condition('Stalled', 'True', 'NoQuota')] }),
      'NoQuota',
    ],
    [
      'one whose owner has other words',
      custom({ conditions: [condition('Paused', 'False')] }),
      'ready',
    ],
  ])('%s', (_name, snapshot, expected) => {
    const [found, ...rest] = workloadsOf({ ...emptySnapshot, ...snapshot }, 'web');
    expect(rest).toEqual([]);
    expect(found?.done).toBe(expected === 'ready');
    const { reason, patienceMs } = found?.trouble ?? {};
    if (expected === 'ready' || expected === 'waits') expect(reason).toBeUndefined();
    else expect([reason, patienceMs]).toContain(expected);
  });

  it('is asked of load balancers only, of all services', () => {
    expect(workloadsOf({ ...emptySnapshot, ...service({ type: 'ClusterIP' }) }, 'web')).toEqual([]);
  });

  it('names the labels that pods have, where a selector is nearly right', () => {
    const deployments = [
      { metadata: {}, spec: { selector: {}, template: template({ app: 'web' }) } },
    ];
    const [found] = workloadsOf(
      { ...emptySnapshot, ...routed('front', { app: 'wep' }, { deployments }) },
      'web',
    );
    expect(found?.trouble).toMatchObject({
      chain: 'Ingress/web → Service/front',
      message: 'no pod has what it selects (app=wep)',
      remedy: 'Select labels that the pods have: app=web.',
      patienceMs: heals,
    });
  });
});
