import { describe, expect, it } from '@jest/globals';
import { apps, busybox, core, deploy, namespace, revisions } from './cluster.ts';

interface Fault {
  readonly name: string;
  readonly values: Record<string, unknown>;
  /** What the first annotation has to say. */
  readonly cause: RegExp;
  /** A fault that nobody can call certain is named when the time is over. */
  readonly timeout?: string;
}

const faults: readonly Fault[] = [
  {
    name: 'an image that does not exist',
    values: { image: '127.0.0.1:15000/nothing-here:1' },
    cause:
      /^Deployment\/web → pod web-\S+ → container web: (ErrImagePull|ImagePullBackOff): 127\.0\.0\.1:15000\/nothing-here:1 does not exist/,
  },
  {
    name: 'a program that ends at once, again and again',
    values: { command: ['sh', '-c', 'echo "fatal: no database at db:5432" >&2; exit 3'] },
    cause:
      /container web: CrashLoopBackOff: it ended with exit code 3, restarted \d+ times\. Its log says: fatal: no database at db:5432\./,
  },
  {
    name: 'a command that is not in the image',
    values: { command: ['/no/such/program'] },
    cause:
      /container web: (RunContainerError|StartError|CrashLoopBackOff): .*no such file or directory.*Correct the command/s,
  },
  {
    name: 'a secret that is not there',
    values: { env: [{ name: 'A', valueFrom: { secretKeyRef: { name: 'absent', key: 'a' } } }] },
    cause:
      /container web: CreateContainerConfigError: secret "absent" not found\..*Create the secret "absent"/s,
  },
  {
    name: 'a hook that fails',
    values: { migrate: ['sh', '-c', 'echo "ERROR: relation users does not exist"; exit 1'] },
    cause:
      /^Job\/web-migrate → pod web-migrate-\S+ → container migrate: Error: it ended with exit code 1\. Its log says: ERROR: relation users does not exist\./,
  },
  {
    name: 'a node selector that no node has',
    values: { nodeSelector: { gpu: 'a100' } },
    cause:
      /^Deployment\/web → pod web-\S+: Unschedulable: .*didn't match Pod's node affinity\/selector.*Correct nodeSelector/s,
    timeout: '5s',
  },
  {
    name: 'more memory than any node has',
    values: { resources: { requests: { memory: '4Ti' } } },
    cause: /: Unschedulable: .*Insufficient memory.*Ask for less/s,
    timeout: '5s',
  },
  {
    name: 'a readiness probe that never succeeds',
    values: { readinessPath: '/none' },
    cause:
      /container web: Unhealthy: Readiness probe failed: HTTP probe failed with statuscode: 404/,
    timeout: '8s',
  },
];

describe('a rollout that fails', () => {
  // Most of them wait, for tens of seconds, and each has a namespace of its own.
  it.concurrent.each(faults)(
    '$name: named first, and the failed first install is removed',
    async (fault) => {
      await using space = await namespace();
      const step = await deploy(space.name, fault.values, {
        inputs: { timeout: fault.timeout ?? '60s' },
      });
      expect(step.exitCode).toBe(1);
      const [first] = step.annotations.filter(({ level }) => level === 'error');
      expect(first?.message).toMatch(fault.cause);
      expect(first?.message).toContain('The failed first install was removed.');
      expect(first?.message).not.toMatch(/timed out|context deadline exceeded/);
      expect(step.outputs).toMatchObject({ status: 'uninstalled', diagnosis: expect.any(String) });
      expect(step.summary).toContain('### ❌ Release <code>web</code> failed and was removed');
      expect(await revisions(space.name)).toEqual([]);
    },
    120_000,
  );

  it('rolls back to what ran before, after the evidence was gathered', async () => {
    await using space = await namespace();
    await deploy(space.name, {});
    const step = await deploy(space.name, {
      command: ['sh', '-c', 'echo "Error: bad flag"; exit 1'],
    });
    const [first] = step.annotations.filter(({ level }) => level === 'error');
    expect(first?.message).toContain('Its log says: Error: bad flag.');
    expect(first?.message).toContain('The release was rolled back to revision 1.');
    expect(step.outputs).toMatchObject({ revision: '3', status: 'rolled-back' });
    expect(await revisions(space.name)).toEqual(['1 superseded', '2 failed', '3 deployed']);
    const { status } = await apps.readNamespacedDeployment({ namespace: space.name, name: 'web' });
    expect(status?.readyReplicas).toBe(1);
  }, 120_000);

  it('blames no pod for an object that the server refuses', async () => {
    await using space = await namespace();
    const failing = await deploy(
      space.name,
      { readinessPath: '/none' },
      { onOutput: (text, child) => void (text.includes('Unhealthy') && child.kill('SIGINT')) },
    );
    expect(failing.exitCode).toBe(130);
    const step = await deploy(space.name, { readinessPath: '/none', replicas: -1 });
    expect(step.annotations.at(0)?.message).toMatch(
      /^The API server refuses Deployment\/web of the chart\. spec\.replicas: /,
    );
  }, 120_000);

  it('names the quota that keeps pods from being made', async () => {
    await using space = await namespace();
    await core.createNamespacedResourceQuota({
      namespace: space.name,
      body: { metadata: { name: 'none' }, spec: { hard: { pods: '0' } } },
    });
    // Without a preflight, which finds it before.
    const step = await deploy(space.name, {}, { inputs: { preflight: 'off' } });
    expect(step.annotations.at(0)?.message).toMatch(
      /^Deployment\/web: FailedCreate: .*exceeded quota: none.*Raise the namespace’s quota/s,
    );
  }, 120_000);

  it('has nothing to undo when the chart cannot be rendered', async () => {
    await using space = await namespace();
    await deploy(space.name, {});
    const step = await deploy(space.name, { image: 'a: b: c', replicas: '{{' });
    expect(step.exitCode).toBe(1);
    expect(step.annotations.at(0)?.message).toContain('Nothing was changed.');
    expect(await revisions(space.name)).toEqual(['1 deployed']);
  }, 120_000);

  it('keeps text of a pod from becoming a command of the runner', async () => {
    await using space = await namespace();
    const hostile = '::error::not from us\\n::add-mask::web\\n##[error]neither';
    const step = await deploy(space.name, {
      command: ['sh', '-c', `printf '${hostile}\\nfatal: the end\\n'; exit 1`],
      image: busybox,
    });
    expect(step.annotations.map(({ message }) => message)).not.toContain('not from us');
    expect(step.masks).not.toContain('web');
    expect(step.annotations.at(0)?.message).toContain('Its log says: fatal: the end.');
  }, 120_000);
});
