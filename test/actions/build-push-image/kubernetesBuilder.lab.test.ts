import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { AppsV1Api, CoreV1Api, KubeConfig } from '@kubernetes/client-node';
import { endBuilder } from '../../../actions/build-push-image/src/builders/endBuilder.ts';
import { silent } from '../../../shared/log/Log.ts';
import { addresses } from '../../lab/addresses.ts';
import { adminKubeconfig, guestKubeconfig } from '../../lab/cluster/kubeconfig.ts';
import { network } from '../../lab/cluster/network.ts';
import { buildkitImage } from '../../lab/images/buildkitImage.ts';
import { labContext } from '../../lab/lab.ts';
import { graceMs } from '../graceMs.ts';
import { digestOf } from './workspace.ts';

const lab = labContext(silent);
const config = new KubeConfig();
config.loadFromFile(adminKubeconfig(lab));
const core = config.makeApiClient(CoreV1Api);
const apps = config.makeApiClient(AppsV1Api);
const namespace = `builds-${randomBytes(4).toString('hex')}`;

let image: string;
/** The lab's registry, which listens on loopback only, where a pod reaches it. */
let passage: Server;
let registry: string;
beforeAll(async () => {
  await core.createNamespace({ body: { metadata: { name: namespace } } });
  image = await buildkitImage(lab);
  const [host, port] = addresses.registry.split(':');
  passage = createServer((from) => {
    const to = connect(Number(port), host);
    from.pipe(to).pipe(from);
    const close = () => {
      from.destroy();
      to.destroy();
    };
    for (const socket of [from, to]) socket.unref().on('error', close).on('close', close);
  }).listen(0, network.nodeAddress);
  await once(passage, 'listening');
  registry = `${network.nodeAddress}:${(passage.address() as AddressInfo).port}`;
}, 120_000);
afterAll(async () => {
  passage.close();
  await core.deleteNamespace({ name: namespace });
});

let temp: string;
let context: string;
let repository: string;
beforeEach(() => {
  temp = mkdtempSync(join(tmpdir(), 'runner-'));
  context = mkdtempSync(join(tmpdir(), 'context-'));
  repository = `test/kubernetes-${randomBytes(4).toString('hex')}`;
  writeFileSync(join(context, 'buildkitd.toml'), `[registry."${registry}"]\nhttp = true\n`);
});
afterEach(() => {
  for (const folder of [temp, context]) rmSync(folder, { recursive: true, force: true });
});

interface Changes {
  readonly options?: string;
  readonly command?: string;
  readonly kubeconfig?: string;
  readonly onLine?: (line: string, step: ChildProcess) => void;
}

/** Runs the step; what it prints is read line by line. */
async function step({
  options = '',
  command = 'true',
  kubeconfig = adminKubeconfig(lab),
  onLine,
}: Changes = {}): Promise<{ readonly exitCode: number | null; readonly log: string }> {
  writeFileSync(
    join(context, 'Dockerfile'),
    `FROM ${registry}/library/busybox:1.36\nRUN ${command}\n`,
  );
  const child = spawn(process.execPath, [join(import.meta.dirname, 'builderStep.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      XDG_CACHE_HOME: process.env.XDG_CACHE_HOME,
      RUNNER_TEMP: temp,
      GITHUB_STATE: '',
      GITHUB_WORKSPACE: context,
      KUBECONFIG: kubeconfig,
      BUILDER: `kubernetes://${namespace}?image=${image}&config=buildkitd.toml${options}`,
      CONTEXT: context,
      IMAGE: `${registry}/${repository}:1`,
    },
  });
  let log = '';
  for await (const line of createInterface(child.stdout)) {
    log += `${line}\n`;
    onLine?.(line, child);
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return { exitCode: child.exitCode, log };
}

/** Sends the step a signal in the middle of its RUN step; tells how long it took to end. */
async function shoot(signal: NodeJS.Signals): Promise<{ log: string; dyingMs: number }> {
  let sent: number | undefined;
  const { log } = await step({
    command: 'sleep 600',
    onLine: (line, child) => {
      if (sent !== undefined || !/^#\d+ .*RUN sleep/.test(line)) return;
      sent = performance.now();
      child.kill(signal);
    },
  });
  return { log, dyingMs: performance.now() - (sent ?? 0) };
}

const deployments = async () =>
  (await apps.listNamespacedDeployment({ namespace })).items.map(({ spec }) => spec);

const stateOf = (log: string) => /::save-state name=builder::(.*)/.exec(log)?.[1];

describe('a BuildKit in the cluster', () => {
  it('builds, pushes, and is removed with the step', async () => {
    const { exitCode, log } = await step({
      command: 'echo made > /made',
      options: '&requests.cpu=10m&limits.memory=512Mi&labels=team=a,part=b',
    });
    expect(log).toContain('The driver is kubernetes');
    expect(exitCode).toBe(0);
    expect(await digestOf(`${addresses.registry}/${repository}`, '1')).toMatch(/^sha256:/);
    expect(await deployments()).toEqual([]);
    expect(readdirSync(temp)).toEqual([]);
  }, 90_000);

  it('gets the resources and replicas that were asked for', async () => {
    let seen: Awaited<ReturnType<typeof deployments>> | undefined;
    const looking: Promise<unknown>[] = [];
    await step({
      options: '&replicas=2&requests.cpu=10m&limits.memory=512Mi',
      onLine: (line) => {
        if (!line.includes('The driver is')) return;
        looking.push(
          deployments().then((found) => {
            seen = found;
          }),
        );
      },
    });
    await Promise.all(looking);
    expect(seen).toMatchObject([
      {
        replicas: 2,
        template: {
          spec: {
            containers: [
              { image, resources: { requests: { cpu: '10m' }, limits: { memory: '512Mi' } } },
            ],
          },
        },
      },
    ]);
  }, 90_000);

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'is removed when the job is cancelled (%s) in the middle of a RUN step',
    async (signal) => {
      const { log, dyingMs } = await shoot(signal);
      expect(dyingMs).toBeLessThan(graceMs[signal]);
      expect(log).toContain(`The job was cancelled (${signal}).`);
      expect(await deployments()).toEqual([]);
      expect(readdirSync(temp)).toEqual([]);
    },
    90_000,
  );

  it('is removed by the post step of one that was killed', async () => {
    const { log } = await shoot('SIGKILL');
    expect(await deployments()).toHaveLength(1);
    const folder = stateOf(log);
    await endBuilder({
      env: { ...process.env, KUBECONFIG: adminKubeconfig(lab) },
      log: silent,
      readState: () => folder,
    });
    expect(await deployments()).toEqual([]);
    expect(readdirSync(temp).filter((name) => name.startsWith('pa-builder'))).toEqual([]);
  }, 90_000);

  it('says what somebody may not do there', async () => {
    const { exitCode, log } = await step({ kubeconfig: guestKubeconfig(lab) });
    expect(exitCode).toBe(1);
    expect(log).toMatch(
      /::error::A builder \(kubernetes\) could not be made\. The user guest may not \w+ \S+ in the namespace builds-/,
    );
    expect(readdirSync(temp).filter((name) => name.startsWith('pa-builder'))).toEqual([]);
  }, 60_000);

  it('says when its pods do not come up', async () => {
    const { exitCode, log } = await step({
      options: '&image=127.0.0.1:15000/no/such:1&timeout=5s',
    });
    expect(exitCode).toBe(1);
    expect(log).toContain('Its pods did not become ready in time.');
    expect(await deployments()).toEqual([]);
  }, 60_000);
});
