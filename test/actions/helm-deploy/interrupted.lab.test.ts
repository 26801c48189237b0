import { Buffer } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { CoordinationV1Api, type V1LeaseSpec, V1MicroTime } from '@kubernetes/client-node';
import { startGitHub } from '../../lab/doubles/github.ts';
import { config, core, deploy, namespace, revisions } from './cluster.ts';

const leases = config.makeApiClient(CoordinationV1Api);

/** A rollout that goes on until it is stopped. */
const endless = { readinessPath: '/none' };

describe('a step that is interrupted', () => {
  it.each([
    ['SIGINT', 130, 7000],
    ['SIGTERM', 143, 7000],
  ] as const)(
    '%s stops the rollout in time, and the release is not left pending',
    async (signal, code, within) => {
      await using space = await namespace();
      let sentAt = 0;
      const step = await deploy(space.name, endless, {
        onOutput: (text, child) => {
          if (sentAt !== 0 || !text.includes('Deployment/web')) return;
          sentAt = performance.now();
          child.kill(signal);
        },
      });
      expect(step.exitCode).toBe(code);
      expect(performance.now() - sentAt).toBeLessThan(within);
      expect(step.annotations.map(({ message }) => message).join('\n')).toContain(
        'web: the rollout of revision 1 was stopped where it was',
      );
      expect(await revisions(space.name)).toEqual(['1 failed']);
      const next = await deploy(space.name, {});
      expect(next.outputs).toMatchObject({ status: 'deployed' });
    },
    120_000,
  );

  it.concurrent('SIGKILL leaves the release pending; the next run waits for the lease to end and repairs it', async () => {
    await using space = await namespace();
    await deploy(space.name, {});
    const killed = await deploy(space.name, endless, {
      onOutput: (text, child) => {
        if (/Deployment\/web +0\/1/.test(text)) killWithHelm(child.pid ?? 0);
      },
    });
    expect(killed.signal).toBe('SIGKILL');
    expect(await revisions(space.name)).toEqual(['1 deployed', '2 pending-upgrade']);

    const next = await deploy(space.name, {});
    expect(next.log).toMatch(/The release is held by acme\/web run 1\.1 .* shows within 15 s/);
    expect(next.annotations.at(0)).toMatchObject({
      level: 'warning',
      message: expect.stringContaining(
        'web: revision 2 was left pending-upgrade by acme/web run 1.1',
      ),
    });
    expect(next.outputs).toMatchObject({ revision: '4', status: 'deployed' });
    expect(await revisions(space.name)).toEqual([
      '1 superseded',
      '2 failed',
      '3 superseded',
      '4 deployed',
    ]);
  }, 180_000);

  it.concurrent('SIGINT during the rollback: it is done without waiting, and the release is not left pending', async () => {
    await using space = await namespace();
    const recreated = { strategy: { type: 'Recreate' } };
    const serve = 'mkdir -p /tmp/www && touch /tmp/www/index.html && httpd -f -p 8080 -h /tmp/www';
    await deploy(space.name, { ...recreated, command: ['sh', '-c', `sleep 5; ${serve}`] });
    const step = await deploy(
      space.name,
      { ...recreated, command: ['/no/such/program'] },
      {
        onOutput: (text, child) => {
          if (text.includes('::group::Roll back')) setTimeout(() => child.kill('SIGINT'), 1500);
        },
      },
    );
    expect(step.exitCode).toBe(130);
    expect(step.outputs.status).toBe('rolled-back');
    expect(step.annotations.at(0)?.message).toContain('no such file or directory');
    expect((await revisions(space.name)).at(-1)).toMatch(/^\d deployed$/);
    const next = await deploy(space.name, {});
    expect(next.outputs).toMatchObject({ status: 'deployed' });
  }, 120_000);

  it.concurrent('a release that another Helm may work on is left alone', async () => {
    await using space = await namespace();
    await deploy(space.name, {});
    await pretendPending(space.name);
    const step = await deploy(space.name, {});
    expect(step.exitCode).toBe(1);
    expect(step.annotations.at(0)?.message).toContain(
      'Release web is pending-upgrade in revision 1, and not by a step of ours.',
    );
    expect(await revisions(space.name)).toEqual(['1 pending-upgrade']);
  }, 120_000);

  it.concurrent('two jobs at once: one deploys, the other is told who does', async () => {
    await using space = await namespace();
    const { first, second } = await atOnce(space.name, { concurrency: 'fail' });
    expect(first.outputs).toMatchObject({ status: 'uninstalled' });
    expect(second?.exitCode).toBe(1);
    expect(second?.annotations.at(0)?.message).toMatch(
      /^Release web in namespace \S+ is being deployed by acme\/web run 1\.1 .*https:\/\/github\.com\/acme\/web\/actions\/runs\/1\/attempts\/1\./,
    );
  }, 120_000);

  it.concurrent('two jobs at once take turns', async () => {
    await using space = await namespace();
    const { first, second } = await atOnce(space.name, { concurrency: 'wait' });
    expect(first.outputs).toMatchObject({ status: 'uninstalled' });
    expect(second?.log).toMatch(
      /acme\/web run 1\.1 .* deploys web; this step goes on when it is done/,
    );
    expect(second?.outputs).toMatchObject({ revision: '1', status: 'deployed' });
  }, 120_000);

  it.concurrent('a job that waits in vain says for whom', async () => {
    await using space = await namespace();
    const { second } = await atOnce(space.name, { concurrency: 'wait', timeout: '1s' });
    expect(second?.annotations.at(0)?.message).toMatch(
      /is being deployed by acme\/web run 1\.1.* It was waited for 1 s\./,
    );
  }, 120_000);

  it.concurrent('a holder whose run is over, as GitHub says, is not waited for', async () => {
    await using space = await namespace();
    await using github = await startGitHub({
      repositories: [
        {
          fullName: 'acme/web',
          runs: [{ id: 1, attempts: [{ status: 'completed', conclusion: 'cancelled', jobs: [] }] }],
        },
      ],
      tokens: { ghs_reads: { actions: 'read' } },
    });
    const killed = await deploy(space.name, endless, {
      onOutput: (text, child) => {
        if (/Deployment\/web +0\/1/.test(text)) killWithHelm(child.pid ?? 0);
      },
    });
    expect(killed.signal).toBe('SIGKILL');
    const next = await deploy(
      space.name,
      {},
      {
        inputs: { 'github-token': 'ghs_reads' },
        env: { GITHUB_RUN_ID: '2', GITHUB_API_URL: github.url },
      },
    );
    expect(next.log).not.toContain('The release is held by');
    expect(next.log).not.toMatch(/ghs_reads(?!\n)/);
    expect(next.outputs).toMatchObject({ status: 'deployed' });
  }, 120_000);

  it.concurrent('a job whose clock is slow is not taken for dead', async () => {
    await using space = await namespace();
    const slow = () => ({
      holderIdentity: 'a slow one',
      leaseDurationSeconds: 15,
      renewTime: new V1MicroTime(Date.now() - 60_000),
    });
    const at = { namespace: space.name, name: 'platform-actions.web' };
    const metadata = { name: at.name };
    await leases.createNamespacedLease({ ...at, body: { metadata, spec: slow() } });
    const renewing = setInterval(() => void replaceLease(at, slow()), 3000);
    const step = await deploy(space.name, {}, { inputs: { concurrency: 'fail' } });
    clearInterval(renewing);
    expect(step.annotations.at(0)?.message).toContain('is being deployed by a slow one.');
    expect(await revisions(space.name)).toEqual([]);
  }, 60_000);

  it.concurrent('a step that lost its release changes nothing more', async () => {
    await using space = await namespace();
    const at = { namespace: space.name, name: 'platform-actions.web' };
    const spec = {
      holderIdentity: 'another',
      leaseDurationSeconds: 15,
      renewTime: new V1MicroTime(),
    };
    let stolen = false;
    const step = await deploy(space.name, endless, {
      onOutput: (text) => {
        if (stolen || !text.includes('Deployment/web')) return;
        stolen = true;
        void replaceLease(at, spec);
      },
    });
    expect(step.annotations.at(0)?.message).toContain(
      'Release web is no longer held by this step: another holds it now.',
    );
    expect(step.exitCode).toBe(1);
    expect(await revisions(space.name)).toEqual(['1 failed']);
    const { spec: left } = await leases.readNamespacedLease(at);
    expect(left?.holderIdentity).toBe('another');
  }, 60_000);
});

/** Deploys what never gets ready, and beside it, with these inputs, what does. */
async function atOnce(name: string, inputs: Readonly<Record<string, string>>) {
  let second: ReturnType<typeof deploy> | undefined;
  const first = await deploy(name, endless, {
    inputs: { timeout: '10s' },
    onOutput: (text) => {
      if (text.includes('Deployment/web')) second ??= deploy(name, {}, { inputs });
    },
  });
  return { first, second: await second };
}

/** As a holder renews it, or another one takes it over. */
async function replaceLease(at: { namespace: string; name: string }, spec: V1LeaseSpec) {
  const present = await leases.readNamespacedLease(at);
  await leases.replaceNamespacedLease({ ...at, body: { ...present, spec } });
}

/** Kills the step and Helm, as the end of a runner does; Helm is in a process group of its own. */
function killWithHelm(pid: number): void {
  for (const child of childrenOf(pid)) process.kill(-child, 'SIGKILL');
  process.kill(pid, 'SIGKILL');
}

function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    .split(' ')
    .filter(Boolean)
    .map(Number);
}

/** Marks the release as Helm does while it works. */
async function pretendPending(name: string): Promise<void> {
  const { items } = await core.listNamespacedSecret({
    namespace: name,
    labelSelector: 'owner=helm',
  });
  const [secret] = items;
  const stored = Buffer.from(secret?.data?.release ?? '', 'base64').toString();
  const release = JSON.parse(gunzipSync(Buffer.from(stored, 'base64')).toString());
  release.info.status = 'pending-upgrade';
  const packed = gzipSync(JSON.stringify(release)).toString('base64');
  await core.replaceNamespacedSecret({
    namespace: name,
    name: secret?.metadata?.name ?? '',
    body: {
      ...secret,
      metadata: {
        ...secret?.metadata,
        labels: { ...secret?.metadata?.labels, status: 'pending-upgrade' },
      },
      data: { release: Buffer.from(packed).toString('base64') },
    },
  });
}
