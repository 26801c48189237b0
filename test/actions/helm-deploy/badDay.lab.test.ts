import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { tooManyRequests } from '../../lab/faults/answers.ts';
import type { FaultProxy } from '../../lab/faults/faultProxy.ts';
import type { Fault, Rule } from '../../lab/faults/Rule.ts';
import { type StepOptions, type StepResult, startAction } from '../startAction.ts';
import { core, deploy, kubeconfig, namespace, revisions } from './cluster.ts';
import { clusterThroughFaults } from './clusterThroughFaults.ts';
import { workspaceOf } from './workspaceOf.ts';

/*
 * Bad days of a chart's repository, and of values (tabs, anchors, keys that stand twice, 10 MiB), are in
 * charts.lab.test.ts and badInputs.lab.test.ts; a webhook that really does not answer is in
 * preflight.lab.test.ts. Here is the API server's, behind a proxy, and Helm's own.
 */

/** Ready some seconds after its pod runs, so that the fault comes in the wait. */
const serve = 'mkdir -p /tmp/www; touch /tmp/www/index.html; exec httpd -f -p 8080 -h /tmp/www';
const slow = { command: ['sh', '-c', `sleep 4; ${serve}`] };

const byHelm: Rule['when'] = (headers) => /^helm/i.test(headers['user-agent'] ?? '');
const byUs: Rule['when'] = (headers) => !byHelm(headers);
const watch = { path: /[?&]watch=/ };

/** As the API server answers: an object that says why. */
function status(code: number, reason: string, message: string): Fault {
  const body = { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, reason, message };
  const headers = { 'content-type': 'application/json' };
  return { kind: 'answer', status: code, headers, body: JSON.stringify(body) };
}

interface Day {
  readonly rules?: readonly Rule[];
  readonly values?: Readonly<Record<string, unknown>>;
  readonly inputs?: StepOptions['inputs'];
  /** What goes wrong once the Deployment is awaited. */
  readonly inTheWait?: (proxy: FaultProxy, step: number) => unknown;
  /** The revision that is deployed in the end. */
  readonly deployed?: string;
  /** The status, and what the first annotation says, of a day that is too bad. */
  readonly ends?: readonly [status: string, reason: RegExp];
  /** What Helm keeps of the release. */
  readonly kept: readonly string[];
}

const days: Readonly<Record<string, Day>> = {
  'the API server restarts': {
    async inTheWait(proxy) {
      // Helm has begun to wait.
      await sleep(1000);
      await proxy.goDown();
      await sleep(1500);
      await proxy.comeBack();
    },
    deployed: '1',
    kept: ['1 deployed'],
  },
  'the connection breaks while Helm writes': {
    rules: [
      {
        ...{ method: 'PATCH', path: /\/deployments/, when: byHelm, which: { first: 1 } },
        fault: { kind: 'resetRequest' },
      },
    ],
    deployed: '2',
    kept: ['1 superseded', '2 deployed'],
  },
  'the answer to a write of Helm is lost': {
    rules: [
      {
        ...{ method: 'PATCH', path: /\/deployments/, when: byHelm, which: { first: 1 } },
        fault: { kind: 'loseAnswer', as: 'reset' },
      },
    ],
    deployed: '2',
    kept: ['1 superseded', '2 deployed'],
  },
  'our watches stall without a word': {
    rules: [{ ...watch, when: byUs, fault: { kind: 'stallAnswer', afterBytes: 0 } }],
    deployed: '1',
    kept: ['1 deployed'],
  },
  "Helm's watches stall without a word": {
    rules: [{ ...watch, when: byHelm, fault: { kind: 'stallAnswer', afterBytes: 0 } }],
    values: { command: ['sh', '-c', serve] },
    inputs: { timeout: '4s' },
    ends: ['failed|uninstalled', /^Helm waited 4 s for \S+, although all .* of web is ready/],
    kept: [],
  },
  'watches are too old (410 Gone)': {
    rules: [
      {
        ...{ ...watch, which: { first: 8 } },
        fault: status(410, 'Expired', 'too old resource version: 1 (2)'),
      },
    ],
    deployed: '1',
    kept: ['1 deployed'],
  },
  'there are too many requests (429)': {
    rules: [{ which: { first: 8 }, fault: tooManyRequests({ retryAfter: 1 }) }],
    deployed: '1',
    kept: ['1 deployed'],
  },
  'the token ends': {
    inTheWait(proxy) {
      proxy.add({ fault: status(401, 'Unauthorized', 'Unauthorized') });
      proxy.resetConnections();
    },
    ends: ['failed', /^Input kubeconfig: the API server does not accept its user any more \(401\)/],
    kept: ['1 pending-install'],
  },
  'a webhook times out': {
    rules: [
      {
        ...{ method: ['POST', 'PATCH'], path: /\/deployments/ },
        fault: status(
          ...([500, 'InternalError'] as const),
          'Internal error occurred: failed calling webhook "deny.acme.example": failed to call webhook: Post "https://policy.acme.svc:443/admit?timeout=10s": context deadline exceeded',
        ),
      },
    ],
    // With it, the preflight tells; see there.
    inputs: { preflight: 'off' },
    ends: ['uninstalled', /^The webhook deny\.acme\.example does not answer/],
    kept: [],
  },
  'Helm is killed': {
    inTheWait: (_proxy, step) => process.kill(helmOf(step), 'SIGKILL'),
    ends: ['uninstalled', /^Helm was killed \(SIGKILL\) while it deployed web/],
    kept: [],
  },
};

describe('a bad day', () => {
  it.concurrent.each(Object.entries(days))(
    '%s',
    async (_name, day) => {
      await using space = await namespace();
      const step = await deployOn(day, space.name);
      expect(await revisions(space.name)).toEqual(day.kept);
      if (day.deployed) {
        expect(step.annotations).toEqual([]);
        expect(step.outputs).toMatchObject({ revision: day.deployed, status: 'deployed' });
        return;
      }
      const [status = '', reason] = day.ends ?? [];
      expect(step.annotations.at(0)?.message).toMatch(reason ?? /^$/);
      expect(step.outputs.status).toMatch(new RegExp(`^(${status})$`));
      expect(step.exitCode).toBe(1);
    },
    120_000,
  );

  it.concurrent('Helm is killed in an upgrade: back to before, and nothing stays pending', async () => {
    await using space = await namespace();
    await deploy(space.name, {});
    const step = await deploy(space.name, slow, {
      onStart: (child) => void killWhenPending(space.name, child.pid ?? 0),
    });
    expect(step.annotations.at(0)?.message).toMatch(
      /^Helm was killed \(SIGKILL\) .*The release was rolled back to revision 1\./,
    );
    expect(step.outputs).toMatchObject({ revision: '3', status: 'rolled-back' });
    expect(await revisions(space.name)).toEqual(['1 superseded', '2 failed', '3 deployed']);
  }, 120_000);

  it.concurrent('a namespace that is not there is made when asked, and only when nothing stands against it', async () => {
    const name = `helm-${randomBytes(4).toString('hex')}`;
    const run = (kind: string) =>
      deployFiles(
        name,
        { 'c/templates/a.yaml': `apiVersion: ${kind}\nmetadata: {name: a}\n` },
        { 'create-namespace': 'true' },
      );
    const refused = await run('policy/v1beta1\nkind: PodDisruptionBudget');
    expect(refused.annotations.at(0)?.message).toMatch(
      /^The cluster does not serve PodDisruptionBudget of policy\/v1beta1.*Nothing was changed\./,
    );
    await expect(core.readNamespace({ name })).rejects.toMatchObject({ code: 404 });
    const step = await run('v1\nkind: ConfigMap');
    expect(step.annotations).toEqual([]);
    expect(step.outputs).toMatchObject({ revision: '1', status: 'deployed' });
    await core.deleteNamespace({ name });
  }, 60_000);

  it.concurrent('a release that is larger than a Secret may be', async () => {
    await using space = await namespace();
    const step = await deployFiles(space.name, {
      // Random text does not become smaller when it is packed.
      'c/templates/a.yaml': `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {a: ${randomBytes(500_000).toString('base64')}}\n`,
    });
    expect(step.annotations).toMatchObject([
      {
        level: 'error',
        message: expect.stringMatching(
          /^The release is larger than the 1 MiB that a cluster keeps of it\..*Nothing was changed\./,
        ),
      },
    ]);
    expect(step.outputs).toMatchObject({ status: 'failed' });
    expect(step.outputs).not.toHaveProperty('revision');
    expect(await revisions(space.name)).toEqual([]);
  }, 60_000);

  it.concurrent('a chart of 1,000 objects', async () => {
    await using space = await namespace();
    const step = await deployFiles(space.name, {
      'c/templates/a.yaml':
        '{{ range untilStep 0 1000 1 }}---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: a-{{ . }}}\ndata: {a: b}\n{{ end }}',
    });
    expect(step.annotations).toEqual([]);
    expect(step.outputs).toMatchObject({ revision: '1', status: 'deployed' });
    expect(step.log).toContain('Tried first, without writing: 1000 objects');
  }, 120_000);
});

/** Deploys the test chart through a proxy with the faults of that day. */
async function deployOn(day: Partial<Day>, name: string): Promise<StepResult> {
  const through = await clusterThroughFaults();
  await using proxy = through.proxy;
  for (const rule of day.rules ?? []) proxy.add(rule);
  let begun = false;
  return await deploy(
    name,
    { ...slow, ...day.values },
    {
      inputs: { timeout: '30s', kubeconfig: through.kubeconfig, ...day.inputs },
      onOutput(text, child) {
        if (begun || !/Deployment\/web +0\/1/.test(text)) return;
        begun = true;
        void day.inTheWait?.(proxy, child.pid ?? 0);
      },
    },
  );
}

async function deployFiles(
  name: string,
  files: Readonly<Record<string, string>>,
  inputs: StepOptions['inputs'] = {},
) {
  using folder = workspaceOf({
    'c/Chart.yaml': 'apiVersion: v2\nname: c\nversion: 1.0.0\n',
    ...files,
  });
  return await startAction('helm-deploy', {
    workspace: folder.path,
    inputs: { chart: 'c', release: 'web', namespace: name, kubeconfig, settle: '0s', ...inputs },
  });
}

async function killWhenPending(name: string, step: number): Promise<void> {
  while (!(await revisions(name)).includes('2 pending-upgrade')) await sleep(50);
  process.kill(helmOf(step), 'SIGKILL');
}

/** The only child of a step that waits. */
function helmOf(step: number): number {
  return Number(readFileSync(`/proc/${step}/task/${step}/children`, 'utf8').trim().split(' ')[0]);
}
