import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { V1Pod } from '@kubernetes/client-node';
import { openCluster } from '../../../shared/kube/openCluster.ts';
import { silent } from '../../../shared/log/Log.ts';
import { addresses } from '../../lab/addresses.ts';
import { adminKubeconfig, guestKubeconfig } from '../../lab/cluster/kubeconfig.ts';
import { type GitHub, startGitHub } from '../../lab/doubles/github.ts';
import { labContext } from '../../lab/lab.ts';
import { trivyDbRepository as database } from '../../lab/trivy-db/trivyDb.ts';
import { startAction } from '../startAction.ts';
import { contents, push } from './images.ts';
import { at, registryInFront } from './registryInFront.ts';

const lab = labContext(silent);
const { api } = await openCluster(
  { kubeconfig: { paths: [adminKubeconfig(lab)] } },
  { env: {}, log: silent, mask() {} },
);

const namespaces: string[] = [];
afterAll(async () => {
  for (const name of namespaces) await api.remove(`/api/v1/namespaces/${name}`);
});
async function namespace(): Promise<string> {
  const name = `rescan-${randomBytes(4).toString('hex')}`;
  await api.create('/api/v1/namespaces', { metadata: { name } });
  namespaces.push(name);
  return name;
}

let github: GitHub;
beforeEach(async () => {
  github = await startGitHub({
    repositories: [{ fullName: 'acme/web' }],
    tokens: { job: { issues: 'write' } },
  });
});
afterEach(async () => {
  await github[Symbol.asyncDispose]();
});

const pods = (ns: string) => `/api/v1/namespaces/${ns}/pods`;

/** A pod that no scheduler takes, so that its status is what a test says. */
async function pod(ns: string, name: string, image: string, labels = {}): Promise<V1Pod> {
  await api.create(pods(ns), {
    metadata: { name, labels },
    spec: { schedulerName: 'nobody', containers: [{ name: 'app', image }] },
  });
  return api.get<V1Pod>(`${pods(ns)}/${name}`);
}

/** The pod runs the image of that name, as its runtime would say. */
async function runs(ns: string, name: string, imageID: string): Promise<void> {
  const found = await api.get<V1Pod>(`${pods(ns)}/${name}`);
  const state = { running: { startedAt: new Date() } };
  const image = imageID.split('@')[0];
  await api.replace(`${pods(ns)}/${name}/status`, {
    ...found,
    status: {
      phase: 'Running',
      containerStatuses: [
        { name: 'app', ...{ image, imageID, state }, ready: true, restartCount: 0, started: true },
      ],
    },
  });
}

async function running(ns: string, name: string, image: string, release?: string): Promise<void> {
  await pod(
    ns,
    name,
    image,
    release === undefined ? {} : { 'app.kubernetes.io/instance': release },
  );
  await runs(ns, name, image);
}

function rescan(ns: string, more: Readonly<Record<string, string>> = {}) {
  return startAction('trivy-gate', {
    inputs: {
      'scan-type': 'running',
      namespaces: ns,
      kubeconfig: adminKubeconfig(lab),
      'db-repository': database,
      'github-token': 'job',
      issue: 'true',
      ...more,
    },
    env: { GITHUB_API_URL: github.url },
  });
}

const issues = () =>
  github.repository('acme/web').issues.map(({ title, state, body }) => ({ title, state, body }));

describe('what runs', () => {
  it('is scanned by its digests; a component in violation has an issue until it is mended', async () => {
    const ns = await namespace();
    const [bad, clean] = [await push(contents.critical), await push(contents.clean)];
    await running(ns, 'web-1', bad, 'web');
    await running(ns, 'web-2', bad, 'web');
    await running(ns, 'tidy', clean);
    const asked: string[] = [];
    const registry = await registryInFront(({ url = '' }) => {
      asked.push(url);
      return false;
    });
    const first = await rescan(ns, { 'db-repository': at(registry, database) }).finally(() =>
      registry.close(),
    );
    expect(first.exitCode).toBe(1);
    expect(first.annotations[0]?.message).toContain('1 of 2 images in namespace');
    expect(first.annotations[0]?.message).toContain('minimist 0.0.8 (CVE-2021-44906)');
    expect(first.outputs).toMatchObject({
      verdict: 'violation',
      'new-findings': expect.stringContaining('"CRITICAL":1'),
      'database-digest': expect.stringContaining('sha256:'),
    });
    expect(first.outputs).not.toHaveProperty('digest');
    const images = JSON.parse(first.outputs.images ?? '[]') as { reference: string }[];
    const of = (image: string) => images.find(({ reference }) => reference === image);
    expect(of(bad)).toMatchObject({
      components: [`${ns}/web`],
      workloads: [`${ns}/Pod/web-1`, `${ns}/Pod/web-2`],
      verdict: 'violation',
    });
    expect(of(clean)).toMatchObject({ components: [`${ns}/Pod/tidy`], verdict: 'pass' });
    // All were judged by one database, which was looked up once.
    expect(asked.filter((path) => path.includes('/manifests/2'))).toHaveLength(1);
    expect(first.summary).toContain(`| <code>${ns}/web</code> |`);
    expect(first.summary).toContain('✅ pass');
    expect(issues()).toEqual([
      {
        title: `${ns}/web runs with 1 CRITICAL`,
        state: 'open',
        body: expect.stringContaining('CVE-2021-44906'),
      },
    ]);

    for (const name of ['web-1', 'web-2']) await runs(ns, name, clean);
    const second = await rescan(ns);
    expect([second.exitCode, second.outputs.verdict]).toEqual([0, 'pass']);
    expect(issues()).toMatchObject([{ state: 'closed' }]);
  });

  it('and cannot be had is incomplete, and its issue stays open', async () => {
    const ns = await namespace();
    await running(ns, 'web', await push(contents.critical), 'web');
    await rescan(ns);
    await runs(ns, 'web', `${addresses.registry}/test/gone@sha256:${'0'.repeat(64)}`);
    await running(ns, 'tidy', await push(contents.clean));
    const step = await rescan(ns);
    expect([step.exitCode, step.outputs.verdict]).toEqual([1, 'incomplete']);
    expect(step.outputs['exit-reason']).toContain('test/gone');
    expect(issues()).toMatchObject([{ state: 'open', body: expect.stringContaining('not known') }]);
  });

  it('but was never pulled is incomplete', async () => {
    const ns = await namespace();
    await pod(ns, 'web', 'local/web');
    await runs(ns, 'web', `sha256:${'1'.repeat(64)}`);
    const step = await rescan(ns);
    expect(step.outputs.verdict).toBe('incomplete');
    expect(step.outputs['exit-reason']).toContain('Nothing tells from which registry');
  });

  it('and may not be listed is incomplete, and names the right', async () => {
    const step = await rescan('default', { kubeconfig: guestKubeconfig(lab) });
    expect([step.exitCode, step.outputs.verdict]).toEqual([1, 'incomplete']);
    expect(step.annotations[0]?.message).toContain('may not list pods in the namespace default');
    expect(step.outputs.images).toBe('[]');
  });

  it('is nothing in an empty namespace, which is no pass', async () => {
    const step = await rescan(await namespace());
    expect(step.outputs.verdict).toBe('incomplete');
    expect(step.outputs['exit-reason']).toContain('Nothing runs there');
  });

  it('in a real container is known by the digest that its runtime pulled', async () => {
    const ns = await namespace();
    await api.create(pods(ns), {
      metadata: { name: 'real' },
      spec: {
        terminationGracePeriodSeconds: 0,
        containers: [
          {
            name: 'app',
            image: `${addresses.registry}/library/busybox:1.36`,
            command: ['sleep', '600'],
          },
        ],
      },
    });
    for (let tries = 0; tries < 250; tries++) {
      const found = await api.get<V1Pod>(`${pods(ns)}/real`);
      if (found.status?.phase === 'Running') break;
      await sleep(200);
    }
    const step = await rescan(ns, { issue: 'false' });
    const [image] = JSON.parse(step.outputs.images ?? '[]') as { reference: string }[];
    expect(image?.reference).toMatch(/library\/busybox@sha256:[0-9a-f]{64}$/);
  });
});
