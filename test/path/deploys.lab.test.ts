import { Buffer } from 'node:buffer';
import { hash } from 'node:crypto';
import { appendFileSync, cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  AdmissionregistrationV1Api,
  ApiextensionsV1Api,
  CustomObjectsApi,
} from '@kubernetes/client-node';
import { create } from 'tar';
import { root } from '../../scripts/actions.ts';
import { silent } from '../../shared/log/Log.ts';
import { digestOf } from '../actions/build-push-image/workspace.ts';
import { startAzure } from '../actions/helm-deploy/azure.ts';
import { apps, busybox, chart, config, core } from '../actions/helm-deploy/cluster.ts';
import { giveLeastRole, user } from '../actions/helm-deploy/leastRole.ts';
import { workspaceOf } from '../actions/helm-deploy/workspaceOf.ts';
import { labContext } from '../lab/lab.ts';
import { policed } from '../lab/policy/gatekeeper.ts';
import { testServer } from '../lab/testServer.ts';
import { throwAwayCertificate } from '../lab/throwAwayCertificate.ts';
import type { WorkflowRun } from './collectRun.ts';
import { runWorkflow } from './runWorkflow.ts';

const lab = labContext(silent);
const custom = config.makeApiClient(CustomObjectsApi);
const webhooks = config.makeApiClient(AdmissionregistrationV1Api);
const definitions = config.makeApiClient(ApiextensionsV1Api);
const component = (name: string) => join(root, 'test/components', name);

const namespaces = [
  'owned',
  'dashboards',
  'report-operator',
  'storage-injector',
  'cluster-policies',
];
const templates = {
  group: 'templates.gatekeeper.sh',
  version: 'v1',
  plural: 'constrainttemplates',
};

/** What is of the whole cluster stays behind otherwise. */
async function remove(): Promise<void> {
  await Promise.all([
    ...namespaces.map((name) => core.deleteNamespace({ name }).catch(() => {})),
    webhooks.deleteMutatingWebhookConfiguration({ name: 'storage-injector' }).catch(() => {}),
    definitions
      .deleteCustomResourceDefinition({ name: 'reports.platform.example' })
      .catch(() => {}),
    custom.deleteClusterCustomObject({ ...templates, name: 'ownerlabel' }).catch(() => {}),
  ]);
}

beforeAll(async () => {
  await remove();
  for (const name of namespaces) {
    while (await core.readNamespace({ name }).catch(() => undefined)) {
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }
}, 60_000);
afterAll(remove);

function expectDeployed(run: WorkflowRun): void {
  expect(run.errors).toEqual([]);
  expect(run.exitCode).toBe(0);
  expect(run.outputs['helm-deploy status']).toBe('deployed');
}

describe('a workflow as people copy it', () => {
  it('brings a pinned chart of a repository to AKS, without a secret', async () => {
    await using azure = await startAzure();
    const namespace = 'dashboards';
    await core.createNamespace({ body: { metadata: { name: namespace } } });
    await giveLeastRole(namespace, user(azure.objectId));
    using folder = workspaceOf({ 'dashboards/Chart.yaml': chartYaml });
    cpSync(join(chart, 'values.yaml'), join(folder.path, 'dashboards/values.yaml'));
    cpSync(join(chart, 'templates'), join(folder.path, 'dashboards/templates'), {
      recursive: true,
    });
    const file = join(folder.path, 'dashboards.tgz');
    await create({ file, gzip: true, cwd: folder.path }, ['dashboards']);
    const archive = readFileSync(file);
    const charts = await testServer((request, response) =>
      response.end(request.url === '/index.yaml' ? index : archive),
    );
    const image = `${busybox}@${await digestOf(busybox.replace(':1.36', ''), '1.36')}`;
    const { inputs, env } = azure;
    const run = await runWorkflow(lab, {
      ...{ component: component('dashboards'), workflow: 'chart-from-repository.yml', env },
      change: (repository) => appendFileSync(join(repository, 'values.yaml'), `image: ${image}\n`),
      variables: {
        CHARTS: charts,
        CHART_DIGEST: `sha256:${hash('sha256', archive)}`,
        AKS_CLUSTER: inputs['aks-cluster'] ?? '',
        AKS_RESOURCE_GROUP: inputs['resource-group'] ?? '',
        AZURE_SUBSCRIPTION_ID: inputs.subscription ?? '',
        AZURE_CLIENT_ID: inputs['azure-client-id'] ?? '',
        AZURE_TENANT_ID: inputs['azure-tenant-id'] ?? '',
      },
    });
    expectDeployed(run);
    expect(run.outputs['helm-deploy chart-resolved']).toMatch(/^dashboards 1\.4\.2 sha256:/);
  }, 120_000);

  it.concurrent('brings an operator, its definition, and what it owns', async () => {
    const run = await runWorkflow(lab, {
      ...{ component: component('report-operator'), workflow: 'operator.yml' },
    });
    expectDeployed(run);
    const namespace = 'report-operator';
    const made = await core.readNamespacedConfigMap({ namespace, name: 'report-monthly' });
    expect(made.data).toEqual({ title: 'Cases by region' });
  }, 120_000);

  it.concurrent('brings constraints with their templates, and they hold', async () => {
    const run = await runWorkflow(lab, {
      ...{ component: component('cluster-policies'), workflow: 'gatekeeper-policies.yml' },
    });
    expectDeployed(run);
    await core.createNamespace({
      body: { metadata: { name: 'owned', labels: { ...policed, owners: 'required' } } },
    });
    const denied = await untilDenied('owned');
    expect(denied).toContain('[deployments-have-an-owner] Deployment web has no label owner');
  }, 120_000);

  it.concurrent('brings an injector, and the API server asks it', async () => {
    const host = 'injector.storage-injector.svc';
    const { ca, cert, key } = await throwAwayCertificate([host]);
    const base64 = (text: string) => Buffer.from(text).toString('base64');
    const run = await runWorkflow(lab, {
      ...{ component: component('storage-injector'), workflow: 'injector.yml' },
      variables: { INJECTOR_CA: base64(ca), INJECTOR_CERT: base64(cert) },
      secrets: { INJECTOR_KEY: base64(key) },
    });
    expectDeployed(run);
    const namespace = 'storage-injector';
    await core.patchNamespace({
      name: namespace,
      body: [{ op: 'add', path: '/metadata/labels/platform.example~1injection', value: 'enabled' }],
    });
    const pod = await core.createNamespacedPod({
      namespace,
      dryRun: 'All',
      body: {
        metadata: { name: 'job', labels: { 'platform.example/scratch': 'true' } },
        spec: { containers: [{ name: 'job', image: busybox }] },
      },
    });
    expect(pod.spec?.volumes?.map(({ name }) => name)).toContain('scratch');
  }, 120_000);
});

/** Gatekeeper takes a moment to know a new constraint. */
async function untilDenied(namespace: string): Promise<string> {
  const labels = { app: 'web' };
  const containers = [{ name: 'web', image: busybox }];
  const spec = {
    selector: { matchLabels: labels },
    template: { metadata: { labels }, spec: { containers } },
  };
  for (;;) {
    try {
      await apps.createNamespacedDeployment({
        ...{ namespace, dryRun: 'All' },
        body: { metadata: { name: 'web' }, spec },
      });
    } catch (error) {
      return (error as Error).message;
    }
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

const chartYaml = 'apiVersion: v2\nname: dashboards\nversion: 1.4.2\n';
const index = JSON.stringify({
  apiVersion: 'v1',
  entries: {
    dashboards: [
      { apiVersion: 'v2', name: 'dashboards', version: '1.4.2', urls: ['dashboards-1.4.2.tgz'] },
    ],
  },
});
