import { AppsV1Api, CustomObjectsApi } from '@kubernetes/client-node';
import { config, core } from '../cluster.ts';
import type { Own } from './faults.ts';
import {
  autoscaler,
  claim,
  conditions,
  configMap,
  container,
  daemonSet,
  deployment,
  hook,
  ingress,
  job,
  type Manifest,
  running,
  script,
  secret,
  serve,
  service,
  shell,
  statefulSet,
  template,
  widget,
  widgets,
} from './objects.ts';

/** A rollout that becomes ready, though it is slow or unusual. */
export interface Healthy {
  readonly name: string;
  readonly objects: (own: Own) => readonly Manifest[];
  readonly around?: (own: Own) => readonly Manifest[];
  readonly before?: readonly Manifest[];
  readonly settle?: string;
  /** What others do meanwhile: once the step has shown this, and a while after. */
  readonly meanwhile?: { readonly seen: RegExp; readonly act: (own: Own) => Promise<unknown> };
}

const later = (seconds: number, then: string) => {
  const at = Math.floor(Date.now() / 1000) + seconds;
  return `[ $(date +%s) -ge ${at} ] || { ${then}; }`;
};
const init = (text: string, fields = {}) => script(text, { name: 'first', ...fields });
const with_ = (variable: string) => container({ env: [{ name: 'V', value: variable }] });
const apps = config.makeApiClient(AppsV1Api);
const custom = config.makeApiClient(CustomObjectsApi);

export const healthy: readonly Healthy[] = [
  { name: 'one Deployment', objects: () => [deployment(), service(), ingress('web')] },
  {
    name: 'a program that takes its time',
    objects: () => [running(container({ command: shell(`sleep 8; ${serve}`) }))],
  },
  {
    name: 'a start-up probe that fails at first',
    objects: () => [
      running(
        container({
          command: shell(`sleep 8; ${serve}`),
          startupProbe: {
            httpGet: { path: '/index.html', port: 8080 },
            periodSeconds: 1,
            failureThreshold: 30,
          },
        }),
      ),
    ],
  },
  {
    name: 'a program that ends twice until its database is there',
    objects: () => [
      running(
        container({
          command: shell(`${later(12, "echo 'connect ECONNREFUSED db:5432'; exit 1")}; ${serve}`),
        }),
      ),
    ],
  },
  {
    name: 'a liveness probe that kills once',
    objects: () => [
      running(
        container({
          livenessProbe: {
            exec: { command: shell(later(9, 'exit 1')) },
            periodSeconds: 1,
            failureThreshold: 6,
          },
        }),
      ),
    ],
  },
  {
    name: 'an init container that waits',
    objects: () => [
      running(container(), { initContainers: [init('echo "waiting for db"; sleep 6')] }),
    ],
  },
  {
    name: 'an init container that fails once',
    objects: () => [
      running(container(), {
        initContainers: [init(later(5, 'echo "error: no db"; exit 1'))],
      }),
    ],
  },
  {
    name: 'a sidecar that goes on',
    objects: () => [
      running(container(), { initContainers: [init('sleep 600', { restartPolicy: 'Always' })] }),
    ],
  },
  {
    name: 'two containers, one slow',
    objects: () => [
      deployment({
        template: template(container(), {
          containers: [
            container(),
            script('sleep 6; touch /tmp/ok; sleep 600', {
              name: 'slow',
              readinessProbe: { exec: { command: ['cat', '/tmp/ok'] }, periodSeconds: 1 },
            }),
          ],
        }),
      }),
    ],
  },
  { name: 'no replicas', objects: () => [deployment({ replicas: 0 }), service(), ingress('web')] },
  {
    name: 'three replicas, one after the other',
    before: [deployment({ replicas: 3, template: template(with_('1')) })],
    objects: () => [
      deployment({
        replicas: 3,
        strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } },
        template: template(with_('2')),
      }),
    ],
  },
  {
    name: 'all anew',
    before: [deployment({ strategy: { type: 'Recreate' }, template: template(with_('1')) })],
    objects: () => [deployment({ strategy: { type: 'Recreate' }, template: template(with_('2')) })],
  },
  {
    name: 'an old pod that does not want to end',
    before: [
      running(
        container({
          command: shell(`trap '' TERM; ${serve.replace(/^trap[^;]*; /, '')}; sleep 60`),
        }),
        {
          terminationGracePeriodSeconds: 8,
        },
      ),
    ],
    objects: () => [running(with_('2'))],
  },
  {
    name: 'pods that have to stay ready for a while',
    objects: () => [deployment({ minReadySeconds: 5 })],
  },
  { name: 'nothing changed', before: [deployment()], objects: () => [deployment()] },
  {
    name: 'a pod disruption budget that allows none',
    before: [deployment({ template: template(with_('1')) })],
    objects: () => [
      deployment({ template: template(with_('2')) }),
      {
        apiVersion: 'policy/v1',
        kind: 'PodDisruptionBudget',
        metadata: { name: 'web' },
        spec: { minAvailable: '100%', selector: { matchLabels: { app: 'web' } } },
      },
    ],
  },
  {
    name: 'a StatefulSet in order',
    objects: () => [statefulSet(), service({ clusterIP: 'None' })],
  },
  {
    name: 'a StatefulSet side by side',
    objects: () => [statefulSet({ podManagementPolicy: 'Parallel' })],
  },
  {
    name: 'a StatefulSet that people update',
    before: [statefulSet({ updateStrategy: { type: 'OnDelete' }, template: template(with_('1')) })],
    objects: () => [
      statefulSet({ updateStrategy: { type: 'OnDelete' }, template: template(with_('2')) }),
    ],
  },
  {
    name: 'a StatefulSet of which a part is updated',
    before: [statefulSet({ template: template(with_('1')) })],
    objects: () => [
      statefulSet({
        updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 1 } },
        template: template(with_('2')),
      }),
    ],
  },
  { name: 'a DaemonSet', objects: () => [daemonSet()] },
  {
    name: 'a DaemonSet for nodes that there are none of',
    objects: () => [
      daemonSet({ template: template(container(), { nodeSelector: { gpu: 'none' } }) }),
    ],
  },
  { name: 'a Job that takes its time', objects: () => [job('sleep 5')] },
  {
    name: 'a Job that fails at first',
    objects: () => [job(later(6, 'echo "error: locked"; exit 1'), { backoffLimit: 5 })],
  },
  {
    name: 'a Job that goes when it is done',
    objects: () => [deployment(), job('sleep 2', { ttlSecondsAfterFinished: 0 })],
  },
  {
    name: 'a Job whose pods share a queue',
    objects: () => [deployment(), job('sleep 2', { completions: undefined, parallelism: 2 })],
  },
  {
    name: 'a CronJob and what else has no state',
    objects: () => [
      configMap('settings', { a: 'b' }),
      secret('secret', { a: 'b' }),
      {
        apiVersion: 'batch/v1',
        kind: 'CronJob',
        metadata: { name: 'web' },
        spec: {
          schedule: '0 0 1 1 *',
          jobTemplate: { spec: job('exit 1').spec },
        },
      },
    ],
  },
  {
    name: 'hooks before and after',
    objects: () => [
      deployment(),
      {
        ...hook('pre-install,pre-upgrade', 'sleep 2'),
        metadata: {
          name: 'web-before',
          annotations: { 'helm.sh/hook': 'pre-install,pre-upgrade' },
        },
      },
      hook('post-install,post-upgrade', 'sleep 2'),
    ],
  },
  {
    name: 'services of others',
    objects: () => [
      deployment(),
      service({ selector: undefined }, 'no-selector'),
      service({ selector: { made: 'by-an-operator' } }, 'of-operator'),
      service(
        {
          selector: undefined,
          ports: undefined,
          type: 'ExternalName',
          externalName: 'db.example.com',
        },
        'elsewhere',
      ),
    ],
  },
  {
    name: 'a load balancer that gets its address later',
    objects: () => [deployment(), service({ type: 'LoadBalancer' })],
    meanwhile: {
      seen: /Service\/web\s+0\/1/,
      act: ({ namespace }) =>
        core.patchNamespacedServiceStatus({
          namespace,
          name: 'web',
          body: [
            { op: 'add', path: '/status/loadBalancer', value: { ingress: [{ ip: '192.0.2.7' }] } },
          ],
        }),
    },
  },
  {
    name: 'a secret that an operator makes later',
    objects: () => [
      running(
        container({
          env: [{ name: 'A', valueFrom: { secretKeyRef: { name: 'late', key: 'a' } } }],
        }),
      ),
    ],
    meanwhile: {
      seen: /secret "late" not found/,
      act: ({ namespace }) =>
        core.createNamespacedSecret({
          namespace,
          body: { metadata: { name: 'late' }, stringData: { a: 'b' } },
        }),
    },
  },
  {
    name: 'a custom resource that has no state',
    around: ({ group }) => [widgets(group, undefined)],
    objects: ({ group }) => [deployment(), widget(group)],
  },
  {
    name: 'a custom resource whose owner takes its time',
    around: ({ group }) => [widgets(group, conditions, { status: {} })],
    objects: ({ group }) => [widget(group)],
    meanwhile: {
      seen: /Widget\/web\s+0\/1/,
      act: ({ namespace, group }) =>
        custom.patchNamespacedCustomObjectStatus({
          ...{ group, namespace, version: 'v1', plural: 'widgets', name: 'web' },
          body: [
            {
              op: 'add',
              path: '/status',
              value: { observedGeneration: 1, conditions: [{ type: 'Ready', status: 'True' }] },
            },
          ],
        }),
    },
  },
  {
    name: 'an autoscaler that has been without metrics before',
    before: [running(container()), autoscaler],
    objects: () => [running(with_('2')), autoscaler],
  },
  {
    name: 'a program that flaps before it stays',
    settle: '3s',
    objects: () => [
      running(
        container({
          readinessProbe: {
            exec: {
              command: shell(
                'n=$(cat /tmp/n 2>/dev/null || echo 0); echo $((n+1)) > /tmp/n; [ $n -ge 6 ] || [ $n = 2 ]',
              ),
            },
            periodSeconds: 1,
            failureThreshold: 1,
          },
        }),
      ),
    ],
  },
  {
    name: 'a pod whose gate others open',
    objects: () => [
      running(container(), { readinessGates: [{ conditionType: 'example.com/in-service' }] }),
    ],
    meanwhile: {
      seen: /ReadinessGatesNotReady|in-service/,
      act: async ({ namespace }) => {
        const { items } = await core.listNamespacedPod({ namespace });
        const condition = { type: 'example.com/in-service', status: 'True' };
        for (const { metadata } of items) {
          await core.patchNamespacedPodStatus({
            namespace,
            name: metadata?.name ?? '',
            body: [{ op: 'add', path: '/status/conditions/-', value: condition }],
          });
        }
      },
    },
  },
  {
    name: 'a Deployment that is made larger by others meanwhile',
    objects: () => [running(container({ command: shell(`sleep 4; ${serve}`) }))],
    meanwhile: {
      seen: /Deployment\/web\s+0\/1/,
      act: ({ namespace }) =>
        apps.patchNamespacedDeployment({
          namespace,
          name: 'web',
          body: [{ op: 'replace', path: '/spec/replicas', value: 2 }],
        }),
    },
  },
  {
    name: 'a claim that was waiting before',
    before: [configMap('settings', { a: 'b' })],
    objects: () => [configMap('settings', { a: 'c' }), deployment()],
    around: () => [claim({ storageClassName: 'absent' })],
  },
];
