import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BatchV1Api, RbacAuthorizationV1Api } from '@kubernetes/client-node';
import { type PrometheusOptions, servePrometheus } from '../../lab/doubles/prometheus.ts';
import type { Served } from '../../lab/doubles/serve.ts';
import { busybox, config, core, kubeconfig, revisions } from './cluster.ts';
import { deployObjects, ownPlace } from './faults/deployObjects.ts';
import {
  deployment,
  type Manifest,
  running,
  script,
  serve,
  service,
  shell,
} from './faults/objects.ts';

const batch = config.makeApiClient(BatchV1Api);

const queries: PrometheusOptions['queries'] = {
  few: () => ({ vector: [{ labels: { job: 'web' }, value: '0.2' }, { value: '0' }] }),
};
let prometheus: Served;
beforeAll(async () => {
  prometheus = await servePrometheus({ queries, token: 'hunter2-token' });
});
afterAll(async () => prometheus[Symbol.asyncDispose]());

const isJob = (name: string, text: string): object => ({
  ...{ apiVersion: 'batch/v1', kind: 'Job', metadata: { name } },
  spec: {
    template: {
      spec: {
        ...{ restartPolicy: 'Never', automountServiceAccountToken: false },
        terminationGracePeriodSeconds: 1,
        containers: [{ name: 'check', image: busybox, command: shell(text) }],
      },
    },
  },
});
const job = (text: string) => ({ job: { manifest: isJob('smoke', text), timeout: '30s' } });
const promql = (query: string) => ({
  promql: { address: prometheus.url, query, below: 1, every: '1s' },
});
const chartTest = (text: string): Manifest => ({
  ...{ apiVersion: 'v1', kind: 'Pod' },
  metadata: { name: 'web-test', annotations: { 'helm.sh/hook': 'test' } },
  spec: {
    ...{ restartPolicy: 'Never', automountServiceAccountToken: false },
    containers: [{ name: 'check', image: busybox, command: shell(text) }],
  },
});
const web = [deployment(), service()];

/** What checks have made and left, ends of pods that go on by themselves aside. */
async function leftIn(namespace: string): Promise<readonly string[]> {
  const jobs = await batch.listNamespacedJob({ namespace });
  const pods = await core.listNamespacedPod({ namespace });
  return [...jobs.items, ...pods.items]
    .filter(({ metadata }) => metadata?.deletionTimestamp === undefined)
    .map(({ metadata }) => metadata?.name ?? '')
    .filter((name) => /smoke|test/.test(name));
}

const verify = (checks: readonly object[], soak = '3s') => ({
  ...{ verify: JSON.stringify(checks), soak, settle: '0s' },
  'prometheus-token': 'hunter2-token',
});

describe('what must hold after a rollout', () => {
  it.concurrent('holds: the release counts as good, and nothing is left of the checks', async () => {
    await using place = await ownPlace();
    const { own } = place;
    const checks = [
      {
        http: {
          ...{ service: 'web', path: '/index.html', contains: 'hello', every: '500ms' },
          'response-headers': { 'content-type': '^text/html' },
        },
      },
      job('wget -qO- http://web/index.html | grep hello || exit 3'),
      promql('few'),
      { restarts: 0 },
      { logs: { matches: 'ERROR', 'per-minute': 0 } },
      { 'helm-tests': {} },
    ];
    const step = await deployObjects(own, [...web, chartTest('echo all is well')], {
      inputs: verify(checks),
    });
    expect(step.annotations).toEqual([]);
    expect(step.outputs).toMatchObject({
      ...{ release: 'web', revision: '1', status: 'deployed', verdict: 'pass' },
      'manifest-digest': expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
    });
    expect(JSON.parse(step.outputs.changed ?? '')).toEqual(['Deployment/web', 'Service/web']);
    expect(step.outputs).not.toHaveProperty('reason');
    expect(step.log.match(/^held {4}/gm)).toHaveLength(checks.length);
    expect(step.summary).toContain('| <code>http web/index.html</code> | ✅ held |');
    expect(step.summary).toContain('```mermaid\ngantt');
    expect(await leftIn(own.namespace)).toEqual([]);
  }, 60_000);

  const chatty = running(
    script(
      `${serve.replace(' & wait', ' &')} while true; do echo "ERROR ::error::no"; sleep 1; done`,
    ),
  );
  const leaving = running(script('sleep 5; echo "cannot go on" >&2; exit 3'));
  it.concurrent.each<[string, readonly Manifest[], () => readonly object[], string, string]>([
    [
      'another text',
      web,
      () => [
        { http: { service: 'web', path: '/index.html', contains: 'goodbye' } },
        { restarts: 0 },
      ],
      'http web/index.html: its answer does not contain "goodbye". It says: hello. The failed first install was removed.',
      'violation',
    ],
    [
      'a port behind which nothing listens',
      [deployment(), service({ ports: [{ port: 80, targetPort: 9999 }] })],
      () => [{ http: { service: 'web' } }],
      'http web/: it does not answer. The API server says: error trying to reach service',
      'violation',
    ],
    [
      'a Job that fails',
      web,
      () => [job('echo "cannot log in" >&2; exit 3')],
      'Its log says: cannot log in.',
      'violation',
    ],
    [
      'a test of the chart that fails',
      [...web, chartTest('echo "cannot order" >&2; exit 1')],
      () => [{ 'helm-tests': {} }],
      'Its log says: cannot order.',
      'violation',
    ],
    [
      'a restart',
      [leaving],
      () => [{ restarts: 0 }],
      'container web was restarted; allowed are 0. It ended with exit code 3 (Error).',
      'violation',
    ],
    [
      'lines of a log',
      [chatty],
      () => [{ logs: { matches: '^ERROR', 'per-minute': 2 } }],
      'log lines that match ^ERROR within a minute; allowed are 2. The last one says: ERROR ::error::no.',
      'violation',
    ],
  ])(
    '%s: the reason is the first annotation, and the release goes',
    async (_name, objects, checks, message, verdict) => {
      await using place = await ownPlace();
      const step = await deployObjects(place.own, objects, { inputs: verify(checks(), '9s') });
      expect(step.annotations.at(0)?.message).toContain(message);
      expect(step.annotations.filter(({ level }) => level === 'error')).toHaveLength(1);
      expect(step.outputs).toMatchObject({ status: 'uninstalled', verdict });
      expect(step.outputs.reason).toContain(message.slice(0, 40));
      expect(step.exitCode).toBe(1);
      expect(await revisions(place.own.namespace)).toEqual([]);
      expect(await leftIn(place.own.namespace)).toEqual([]);
      const shown = step.log.replace(/^::add-mask::.*$/gm, '') + step.summary;
      expect(shown + JSON.stringify(step.outputs)).not.toContain('hunter2');
    },
    90_000,
  );

  it.concurrent('a user who may not ask services: it is not judged, and the right is named', async () => {
    await using place = await ownPlace();
    const { namespace } = place.own;
    const limited = await userWithout(namespace);
    const checks = [{ http: { service: 'web', port: 80 } }];
    const step = await deployObjects(place.own, web, {
      inputs: { ...verify(checks), kubeconfig: limited },
    });
    expect(step.annotations.at(-1)?.message).toContain(
      'Grant the kubeconfig’s user `get` on `services/proxy`',
    );
    expect(step.outputs).toMatchObject({ status: 'uninstalled', verdict: 'incomplete' });
  }, 60_000);

  it.concurrent.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)(
    '%s in the soak: what was made for the checks goes',
    async (signal, code) => {
      await using place = await ownPlace();
      const checks = [job('sleep 300'), { restarts: 0 }];
      let sent = false;
      const step = await deployObjects(place.own, [...web], {
        inputs: verify(checks, '60s'),
        onOutput: (text, child) => {
          if (sent || !text.includes('2 checks through 60 s')) return;
          sent = true;
          setTimeout(() => child.kill(signal), 2000);
        },
      });
      expect(step.exitCode).toBe(code);
      expect(step.outputs).toMatchObject({ verdict: 'incomplete', revision: '1' });
      expect(await revisions(place.own.namespace)).toEqual(['1 failed']);
      expect(await leftIn(place.own.namespace)).toEqual([]);
    },
    60_000,
  );
});

/** A kubeconfig whose user may all in the namespace but ask services through the API server. */
async function userWithout(namespace: string): Promise<string> {
  const rbac = config.makeApiClient(RbacAuthorizationV1Api);
  const body = { metadata: { name: 'deployer' } };
  await core.createNamespacedServiceAccount({ namespace, body });
  const all = ['pods', 'pods/log', 'secrets', 'services', 'events', 'configmaps', 'endpoints'];
  await rbac.createNamespacedRole({
    namespace,
    body: {
      ...body,
      rules: [
        { apiGroups: [''], resources: all, verbs: ['*'] },
        { apiGroups: ['apps', 'batch', 'coordination.k8s.io'], resources: ['*'], verbs: ['*'] },
      ],
    },
  });
  await rbac.createNamespacedRoleBinding({
    namespace,
    body: {
      ...body,
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'deployer' },
      subjects: [{ kind: 'ServiceAccount', name: 'deployer', namespace }],
    },
  });
  const { status } = await core.createNamespacedServiceAccountToken({
    ...{ name: 'deployer', namespace },
    body: { spec: { audiences: [], expirationSeconds: 600 } },
  });
  return kubeconfig
    .replace(/client-certificate-data: \S+\n/, `token: ${status?.token}\n`)
    .replace(/\s*client-key-data: \S+/, '');
}
