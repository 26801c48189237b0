import { describe, expect, it } from '@jest/globals';
import { CoordinationV1Api } from '@kubernetes/client-node';
import { sampleShots } from '../../lab/faults/sampleShots.ts';
import { apps, config, core, deploy, namespace, revisions } from './cluster.ts';

const shots = sampleShots({ seed: 20261124, count: 4, untilMs: 3000, everyMs: 250 });

/** The lease of a killed step ends after 15 s; a lost Helm may still work for as long as its rollout takes. */
async function deployWhenFree(name: string) {
  const deadline = Date.now() + 90_000;
  for (;;) {
    const step = await deploy(name, { replicas: 2 });
    if (step.exitCode === 0 || Date.now() > deadline) return step;
    await new Promise((resolve) => setTimeout(resolve, 3000));
  }
}

/** What a chart or a half rollout may have left, beside Helm's own records and the lease. */
async function objectsIn(name: string): Promise<string[]> {
  const at = { namespace: name };
  const [deployments, secrets, leases] = await Promise.all([
    apps.listNamespacedDeployment(at),
    core.listNamespacedSecret(at),
    config.makeApiClient(CoordinationV1Api).listNamespacedLease(at),
  ]);
  const named = (kind: string, { items }: { items: { metadata?: { name?: string } }[] }) =>
    items.map(({ metadata }) => `${kind} ${metadata?.name}`);
  return [
    ...named('Deployment', deployments),
    ...named('Secret', secrets).filter((text) => !text.includes('sh.helm.release')),
    ...named('Lease', leases),
  ];
}

describe('a rollout that is ended at any moment', () => {
  it.concurrent.each(shots)(
    '$signal after $afterMs ms: the next run succeeds',
    async ({ signal, afterMs }) => {
      await using space = await namespace();
      await deploy(space.name, {});
      await deploy(
        space.name,
        { command: ['sh', '-c', 'sleep 2; exec httpd -f -p 8080 -h /etc'] },
        {
          onStart: (child) =>
            void setTimeout(() => child.kill(signal === 'cancel' ? 'SIGINT' : signal), afterMs),
        },
      );
      // Who may still act leaves no release behind that nobody may touch.
      if (signal !== 'SIGKILL')
        expect((await revisions(space.name)).join()).not.toContain('pending');
      const next = await deployWhenFree(space.name);
      expect(next.outputs).toMatchObject({ status: 'deployed' });
      expect((await revisions(space.name)).at(-1)).toMatch(/ deployed$/);
      expect((await revisions(space.name)).join()).not.toContain('pending');
      expect(await objectsIn(space.name)).toEqual(['Deployment web', 'Secret web']);
    },
    240_000,
  );
});
