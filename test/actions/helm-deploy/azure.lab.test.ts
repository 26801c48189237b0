import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { accessOf } from '../../../shared/action/cluster/accessOf.ts';
import { clouds } from '../../../shared/azure/clouds.ts';
import { openCluster } from '../../../shared/kube/openCluster.ts';
import { silent } from '../../../shared/log/Log.ts';
import { type AzureOptions, startAzure, tls } from './azure.ts';
import { busybox, config, core, deploy, namespace } from './cluster.ts';
import { giveLeastRole, user } from './leastRole.ts';

const server = '6dae42f8-4368-4678-94ff-3960e28e3630';
const arm = 'https://management.azure.com';

describe("a cluster of AKS, by the job's own identity", () => {
  it.concurrent('deploys without kubelogin, by the least Role', async () => {
    await using azure = await startAzure();
    await using space = await namespace();
    await giveLeastRole(space.name, user(azure.objectId));
    const { inputs, env } = azure;
    const step = await deploy(space.name, { replicas: 2 }, { inputs, env });
    expect(step.annotations).toEqual([]);
    expect(step.outputs).toMatchObject({ revision: '1', status: 'deployed' });
    expect(azure.entra.issued.map(({ aud }) => aud).sort()).toEqual([server, arm]);
    expect(new Set(azure.aks.answers.map(({ agent }) => agent))).toEqual(
      new Set(['platform-actions', 'Helm']),
    );
    expect(azure.aks.answers.filter(({ status }) => status === 401)).toEqual([]);
    // Two of the job's, and what Entra gave for each.
    expect(step.masks.filter((mask) => mask.startsWith('eyJ')).length).toBe(4);
    expect(step.log.replaceAll(/::add-mask::.*/g, '').includes('eyJ')).toBe(false);

    const broken = await deploy(space.name, { image: `${busybox}-none` }, { inputs, env });
    expect(broken.outputs).toMatchObject({ revision: '3', status: 'rolled-back' });
    expect(broken.annotations[0]?.message).toMatch(/busybox:1\.36-none does not exist/);
  }, 60_000);

  it.concurrent.each<[string, AzureOptions, object, RegExp]>([
    [
      'no permission for an id token',
      {},
      { env: { ACTIONS_ID_TOKEN_REQUEST_URL: '' } },
      /may not ask GitHub for an id token.*id-token: write/,
    ],
    [
      'no federated credential',
      { app: { federatedCredentials: [] } },
      {},
      /no federated credential for this job\..*repo:acme\/web:ref:refs\/heads\/main/,
    ],
    [
      'no role at the cluster',
      { arm: { actions: [] } },
      {},
      /The user's kubeconfig of the AKS cluster acme is refused to the application .*`Azure Kubernetes Service Cluster User Role`/,
    ],
    [
      'local accounts that are disabled',
      {},
      { inputs: { 'aks-admin': 'true' } },
      /acme has no administrator's kubeconfig: its local accounts are disabled\..*Leave `aks-admin` out/,
    ],
    [
      'another resource group',
      {},
      { inputs: { 'resource-group': 'MC_platform' } },
      /has no resource group MC_platform\..*not the one of its nodes/,
    ],
    [
      'another cluster',
      {},
      { inputs: { 'aks-cluster': 'acne' } },
      /Resource group platform has no AKS cluster acne\./,
    ],
    ['no role in the cluster', {}, {}, /secrets is forbidden: User .* in the namespace "default"/],
  ])(
    '%s is told',
    async (_name, options, more, said) => {
      await using azure = await startAzure(options);
      const { inputs = {}, env = {} } = more as {
        inputs?: Record<string, string>;
        env?: Record<string, string>;
      };
      const cluster = inputs['aks-cluster'];
      const named = cluster && { 'aks-cluster': `${cluster}?arm=${azure.arm.url}` };
      const step = await deploy(
        'default',
        {},
        {
          inputs: { ...azure.inputs, ...inputs, ...named, release: 'refused' },
          env: { ...azure.env, ...env },
        },
      );
      expect(step.annotations[0]?.message.replaceAll('\n', ' ')).toMatch(said);
      expect(step.exitCode).toBe(1);
    },
    60_000,
  );

  it.concurrent('a kubeconfig that names kubelogin is logged in to without it', async () => {
    await using azure = await startAzure();
    await using space = await namespace();
    await giveLeastRole(space.name, user(azure.objectId));
    const args = ['get-token', '--server-id', server, '--login', 'devicecode'];
    const exec = { apiVersion: 'client.authentication.k8s.io/v1beta1', command: 'kubelogin', args };
    const cluster = { server: azure.aks.url, 'certificate-authority-data': btoa(tls.ca) };
    const kubeconfig = JSON.stringify({
      ...{ apiVersion: 'v1', kind: 'Config', 'current-context': 'acme' },
      clusters: [{ name: 'acme', cluster }],
      contexts: [{ name: 'acme', context: { cluster: 'acme', user: 'me' } }],
      users: [{ name: 'me', user: { exec } }],
    });
    const temp = mkdtempSync(join(tmpdir(), 'runner-'));
    const of = Object.entries(azure.inputs).filter(([name]) => name.startsWith('azure-'));
    const step = await deploy(
      space.name,
      {},
      {
        inputs: { ...Object.fromEntries(of), kubeconfig },
        env: { ...azure.env, RUNNER_TEMP: temp },
      },
    );
    expect(step.annotations).toEqual([]);
    expect(step.outputs).toMatchObject({ status: 'deployed' });
    // Neither the token nor the kubeconfig outlives the step.
    expect(readdirSync(temp)).toEqual([]);
    rmSync(temp, { recursive: true });
  }, 60_000);

  it.concurrent("a cluster's own account is used as Azure gives it", async () => {
    await using space = await namespace();
    const account = { name: 'deployer', namespace: space.name };
    await core.createNamespacedServiceAccount({ ...account, body: { metadata: account } });
    await giveLeastRole(space.name, { kind: 'ServiceAccount', ...account });
    const body = { spec: { audiences: [], expirationSeconds: 600 } };
    const { status } = await core.createNamespacedServiceAccountToken({ ...account, body });
    const { server = '', caData = '' } = config.getCurrentCluster() ?? {};
    await using azure = await startAzure({
      cluster: { server, ca: atob(caData), localToken: status?.token ?? '' },
    });
    const step = await deploy(
      space.name,
      {},
      { inputs: { ...azure.inputs, 'aks-admin': 'true' }, env: azure.env },
    );
    expect(step.annotations).toEqual([]);
    expect(step.outputs).toMatchObject({ revision: '1', status: 'deployed' });
    expect(step.masks.includes(status?.token ?? '')).toBe(true);
  }, 60_000);

  it.concurrent('a token that ends in a long wait has been renewed before', async () => {
    await using azure = await startAzure({ lifetime: 4 });
    const { inputs, env } = azure;
    const { api } = await openCluster(
      accessOf(
        {
          kubeconfig: undefined,
          aks: {
            ...{ name: 'acme', resourceGroup: 'platform', admin: false, arm: azure.arm.url },
            subscription: inputs.subscription ?? '',
          },
          identity: {
            ...{ by: 'oidc', cloud: clouds.public },
            clientId: inputs['azure-client-id'] ?? '',
            tenant: inputs['azure-tenant-id'] ?? '',
          },
        },
        { env, log: silent, mask() {}, signal: new AbortController().signal },
      ),
      { env, log: silent, mask() {} },
    );
    const until = Date.now() + 9000;
    while (Date.now() < until) {
      await api.get('/version');
      await sleep(250);
    }
    const { issued } = azure.entra;
    expect(issued.filter(({ aud }) => aud === server).length).toBeGreaterThanOrEqual(4);
    expect(azure.aks.answers.filter(({ status }) => status !== 200)).toEqual([]);
  }, 60_000);

  (process.env.PLATFORM_ACTIONS_FULL === '1' ? it.concurrent : it.skip)(
    'so does Helm outlive its token, which is in a file',
    async () => {
      await using azure = await startAzure({ lifetime: 130 });
      await using space = await namespace();
      await giveLeastRole(space.name, user(azure.objectId));
      const late =
        'sleep 170; mkdir /tmp/www; touch /tmp/www/index.html; exec httpd -f -p 8080 -h /tmp/www';
      const step = await deploy(
        space.name,
        { command: ['sh', '-c', late] },
        { inputs: { ...azure.inputs, timeout: '5m' }, env: azure.env },
      );
      expect(step.outputs).toMatchObject({ status: 'deployed' });
      expect(azure.aks.answers.filter(({ status }) => status === 401)).toEqual([]);
    },
    300_000,
  );
});
