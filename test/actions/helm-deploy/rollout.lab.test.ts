import { Buffer } from 'node:buffer';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import {
  apps,
  busybox,
  core,
  deploy,
  kubeconfig,
  namespace,
  revisions,
  withProgram,
} from './cluster.ts';

describe('a rollout that succeeds', () => {
  it('installs, then upgrades; outputs and summary tell what runs', async () => {
    await using space = await namespace();
    const first = await deploy(space.name, { replicas: 2 });
    expect(first.annotations).toEqual([]);
    expect(first.exitCode).toBe(0);
    expect(first.outputs).toMatchObject({ revision: '1', status: 'deployed' });
    expect(first.log).toMatch(/Deployment\/web +2\/2 +\S+ +ready/);
    expect(first.summary).toContain('### ✅ Release <code>web</code> is ready');
    expect(first.summary).toContain('| <code>Deployment/web</code> | 2/2 |');

    const second = await deploy(space.name, { replicas: 1 });
    expect(second.outputs).toMatchObject({ revision: '2', status: 'deployed' });
    const { status } = await apps.readNamespacedDeployment({ namespace: space.name, name: 'web' });
    expect(status?.readyReplicas).toBe(1);
    expect(await revisions(space.name)).toEqual(['1 superseded', '2 deployed']);
  }, 120_000);

  it('mends a release whose pods already fail', async () => {
    await using space = await namespace();
    const broken = await deploy(
      space.name,
      { command: ['sh', '-c', 'exit 1'], readinessPath: '/none' },
      { onOutput: (text, child) => void (/exit code 1/.test(text) && child.kill('SIGINT')) },
    );
    expect(broken.exitCode).toBe(130);
    await untilFailing(space.name);
    const mended = await deploy(space.name, {});
    expect(mended.outputs).toMatchObject({ revision: '2', status: 'deployed' });
  }, 120_000);

  it('puts an image by digest where the chart wants it', async () => {
    await using space = await namespace();
    const { items } = await core.listNode();
    const digest = items
      .flatMap(({ status }) => status?.images ?? [])
      .flatMap(({ names }) => names ?? [])
      .find((name) => name.startsWith(busybox.replace(':1.36', '@')));
    const reference = digest ?? (await pulledDigest(space.name));
    const step = await deploy(space.name, {}, { inputs: { images: `image=${reference}` } });
    expect(step.annotations).toEqual([]);
    const { spec } = await apps.readNamespacedDeployment({ namespace: space.name, name: 'web' });
    expect(spec?.template.spec?.containers[0]?.image).toBe(reference);
  }, 120_000);

  it.each(['KUBECONFIG', 'input'])(
    'a kubeconfig by its path (%s) may name files beside it',
    async (way) => {
      await using space = await namespace();
      const folder = mkdtempSync(join(tmpdir(), 'kubeconfig-'));
      const relative = kubeconfig.replace(
        /certificate-authority-data: (\S+)/,
        (_, data: string) => {
          writeFileSync(join(folder, 'ca.pem'), Buffer.from(data, 'base64'));
          return 'certificate-authority: ca.pem';
        },
      );
      writeFileSync(join(folder, 'config'), relative);
      const path = join(folder, 'config');
      const step = await deploy(
        space.name,
        {},
        way === 'input'
          ? { inputs: { kubeconfig: path } }
          : { inputs: { kubeconfig: '' }, env: { KUBECONFIG: `${path}:/nowhere/config` } },
      );
      rmSync(folder, { recursive: true });
      expect(relative).toContain('certificate-authority: ca.pem');
      expect(step.outputs).toMatchObject({ revision: '1', status: 'deployed' });
    },
    60_000,
  );

  it('a kubeconfig whose program logs in by variables of the step', async () => {
    await using space = await namespace();
    const step = await deploy(
      space.name,
      {},
      {
        inputs: { kubeconfig: withProgram('[ "$AZURE_CLIENT_ID $OWN" = "me mine" ]') },
        env: { AZURE_CLIENT_ID: 'me' },
      },
    );
    expect(step.annotations).toEqual([]);
    expect(step.outputs).toMatchObject({ revision: '1', status: 'deployed' });
  }, 60_000);

  it('brings a secret value to the byte, and shows it nowhere', async () => {
    await using space = await namespace();
    const password = 'ab/cd==\n"quoted" \'single\' {{ .Values }} &amp; ünï 😀';
    const step = await deploy(space.name, { password });
    expect(step.exitCode).toBe(0);
    const { data } = await core.readNamespacedSecret({ namespace: space.name, name: 'web' });
    expect(Buffer.from(data?.password ?? '', 'base64').toString()).toBe(password);
    expect(step.log + step.summary).not.toContain('ab/cd==');
  }, 120_000);
});

/** Until Kubernetes itself calls the pod a lost one: three ends in a row. */
async function untilFailing(name: string): Promise<void> {
  for (;;) {
    const { items } = await core.listNamespacedPod({ namespace: name });
    const status = items[0]?.status?.containerStatuses?.[0];
    if ((status?.restartCount ?? 0) >= 2 && status?.state?.waiting !== undefined) return;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

/** Deploys once by tag; the kubelet then knows the digest. */
async function pulledDigest(name: string): Promise<string> {
  await deploy(name, {});
  const { items } = await core.listNamespacedPod({ namespace: name });
  return items[0]?.status?.containerStatuses?.[0]?.imageID ?? '';
}
