import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { AppsV1Api, CoreV1Api, KubeConfig } from '@kubernetes/client-node';
import { adminKubeconfig } from '../../../test/lab/cluster/kubeconfig.ts';
import { labContext } from '../../../test/lab/lab.ts';
import { silent } from '../../log/Log.ts';
import { readKubeconfig } from '../connect.ts';
import { KubeApi } from '../KubeApi.ts';
import { discover } from './discover.ts';
import type { KubeObject } from './KubeObject.ts';
import { preflight } from './preflight.ts';
import { tryToApply } from './tryObject.ts';

const paths = [adminKubeconfig(labContext(silent))];
const api = new KubeApi(readKubeconfig({ paths }), { env: {}, log: silent });
const config = new KubeConfig();
config.loadFromFile(paths[0] ?? '');
const core = config.makeApiClient(CoreV1Api);
const apps = config.makeApiClient(AppsV1Api);
const namespace = `preflight-${randomBytes(4).toString('hex')}`;

beforeAll(() => core.createNamespace({ body: { metadata: { name: namespace } } }));
afterAll(() => core.deleteNamespace({ name: namespace }));

async function look(
  objects: readonly KubeObject[],
  change: { namespace?: string; createNamespace?: boolean } = {},
) {
  const served = await discover(api);
  if (served === undefined) throw new Error('the API server does not tell its kinds');
  return preflight(api, objects, {
    ...{ release: 'web', namespace, createNamespace: false, verb: 'install', served },
    ...change,
  });
}

function deployment(name: string, replicas: number): KubeObject {
  const labels = { app: name };
  const containers = [{ name: 'web', image: 'none' }];
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers } },
    },
  };
}

it('takes an object that Helm 3 made as Helm 3 would: what it set is not somebody else’s', async () => {
  const service = (port: number) => ({ ports: [{ name: 'http', port }], selector: { app: 'web' } });
  const body = { metadata: { name: 'csa' }, spec: service(80) };
  await core.createNamespacedService({ namespace, body, fieldManager: 'helm' });
  const changed = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'csa' },
    spec: service(8080),
  };
  const path = `/api/v1/namespaces/${namespace}/services/csa`;
  const tried = await tryToApply(api, path, { name: 'Service/csa', object: changed });
  expect(tried).toMatchObject({ obstacles: [], object: { spec: { ports: [{ port: 8080 }] } } });
});

it('tells whose fields an object has that was scaled by hand', async () => {
  const object = deployment('scaled', 0);
  const path = `/apis/apps/v1/namespaces/${namespace}/deployments/scaled`;
  const headers = { 'content-type': 'application/apply-patch+yaml' };
  await api.attempt('PATCH', `${path}?fieldManager=helm&force=true`, object, { headers });
  await apps.replaceNamespacedDeploymentScale({
    ...{ namespace, name: 'scaled', fieldManager: 'kubectl-scale' },
    body: { metadata: { name: 'scaled', namespace }, spec: { replicas: 1 } },
  });
  const { obstacles } = await look([object]);
  expect(obstacles).toMatchObject([
    {
      rank: 'conflict',
      certain: true,
      field: 'spec.replicas',
      why: 'They belong to kubectl-scale.',
    },
  ]);
});

it('lets a hook be there from the last time, and never looks at those of other verbs', async () => {
  const job = (name: string, hook: string, image: string): KubeObject => ({
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name, annotations: { 'helm.sh/hook': hook } },
    spec: {
      suspend: true,
      template: { spec: { restartPolicy: 'Never', containers: [{ name: 'a', image }] } },
    },
  });
  await api.create(`/apis/batch/v1/namespaces/${namespace}/jobs`, job('old', 'pre-install', 'a'));
  const found = await look([job('old', 'pre-install', 'b'), job('gone', 'pre-delete', '')]);
  expect(found).toMatchObject({ obstacles: [], tried: 2 });
});

it('sets aside what the release itself defines', async () => {
  const names = { kind: 'Widget', plural: 'widgets', singular: 'widget' };
  const schema = { openAPIV3Schema: { type: 'object' } };
  const found = await look([
    {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'widgets.acme.example' },
      spec: {
        ...{ group: 'acme.example', names, scope: 'Namespaced' },
        versions: [{ name: 'v1', served: true, storage: true, schema }],
      },
    },
    { apiVersion: 'acme.example/v1', kind: 'Widget', metadata: { name: 'a' } },
  ]);
  expect(found).toMatchObject({
    obstacles: [],
    untried: ['Widget/a: its kind comes with the release'],
    tried: 1,
  });
});

it.each([
  [false, ['Input namespace: the cluster has no namespace nowhere-at-all.'], []],
  [true, [], ['Deployment/web: its namespace is not there yet']],
])('without the namespace, and create-namespace %s', async (createNamespace, whats, untried) => {
  const found = await look([deployment('web', 1)], {
    namespace: 'nowhere-at-all',
    createNamespace,
  });
  expect(found.obstacles.map(({ what }) => what)).toEqual(whats);
  expect(found.untried).toEqual(untried);
  // The namespace itself was only tried.
  await expect(core.readNamespace({ name: 'nowhere-at-all' })).rejects.toMatchObject({ code: 404 });
});

it('looks at 200 objects side by side', async () => {
  const objects = Array.from({ length: 100 }, (_, index) => [
    deployment(`many-${index}`, 1),
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: `many-${index}` }, data: { a: 'b' } },
  ]).flat();
  const started = performance.now();
  const found = await look(objects);
  expect(found).toMatchObject({ obstacles: [], untried: [], tried: 300 });
  // Far more than it takes (1 s on two quiet cores), and far less than one after the other.
  expect(performance.now() - started).toBeLessThan(15_000);
}, 60_000);
