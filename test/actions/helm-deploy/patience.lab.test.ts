import { describe, expect, it } from '@jest/globals';
import { core, deploy, namespace } from './cluster.ts';

const serve = 'mkdir -p /tmp/www && touch /tmp/www/index.html && exec httpd -f -p 8080 -h /tmp/www';
const deployed = { status: 'deployed' };

/** Once the step shows that it has seen this, so that it is known to have waited on. */
function whenSeen(pattern: RegExp, act: () => Promise<unknown>) {
  let acted = false;
  return (text: string) => {
    if (acted || !pattern.test(text)) return;
    acted = true;
    setTimeout(() => void act(), 4000);
  };
}

describe('a rollout that heals by itself is not undone', () => {
  it('a program ends until its database is there', async () => {
    await using space = await namespace();
    const thereAt = Math.floor(Date.now() / 1000) + 25;
    const wait = `[ $(date +%s) -ge ${thereAt} ] || { echo 'connect ECONNREFUSED db:5432'; exit 1; }`;
    const step = await deploy(
      space.name,
      { command: ['sh', '-c', `${wait}; ${serve}`] },
      { inputs: { timeout: '120s' } },
    );
    expect(step.log).toMatch(/CrashLoopBackOff: it ended with exit code 1, restarted 2 times/);
    expect(step.outputs).toMatchObject(deployed);
  }, 180_000);

  it('an operator makes the Secret a moment later', async () => {
    await using space = await namespace();
    const env = [{ name: 'A', valueFrom: { secretKeyRef: { name: 'late', key: 'a' } } }];
    const secret = { metadata: { name: 'late' }, stringData: { a: 'b' } };
    const step = await deploy(
      space.name,
      { env },
      {
        onOutput: whenSeen(/CreateContainerConfigError: secret "late" not found/, () =>
          core.createNamespacedSecret({ namespace: space.name, body: secret }),
        ),
      },
    );
    expect(step.log).toContain('CreateContainerConfigError: secret "late" not found');
    expect(step.outputs).toMatchObject(deployed);
  }, 120_000);

  it('a service account comes a moment later', async () => {
    await using space = await namespace();
    const account = { metadata: { name: 'late' } };
    const step = await deploy(
      space.name,
      { account: 'late' },
      {
        onOutput: whenSeen(/FailedCreate: .*error looking up service account/, () =>
          core.createNamespacedServiceAccount({ namespace: space.name, body: account }),
        ),
      },
    );
    expect(step.log).toMatch(/FailedCreate: .*error looking up service account/);
    expect(step.outputs).toMatchObject(deployed);
  }, 120_000);

  it('a quota has room again once the old pod is gone', async () => {
    await using space = await namespace();
    await core.createNamespacedResourceQuota({
      namespace: space.name,
      body: { metadata: { name: 'one' }, spec: { hard: { pods: '1' } } },
    });
    const strategy = { type: 'RollingUpdate', rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } };
    await deploy(space.name, { strategy });
    const step = await deploy(space.name, { strategy, password: 'other', env: [{ name: 'A' }] });
    expect(step.log).toMatch(/FailedCreate: .*exceeded quota: one/);
    expect(step.outputs).toMatchObject(deployed);
  }, 120_000);
});
