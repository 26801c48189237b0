import { describe, expect, it } from '@jest/globals';
import { sampleShots } from '../../lab/faults/sampleShots.ts';
import { deploy, namespace, revisions } from './cluster.ts';

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

describe('a rollout that is ended at any moment', () => {
  it.each(shots)(
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
      const next = await deployWhenFree(space.name);
      expect(next.outputs).toMatchObject({ status: 'deployed' });
      expect((await revisions(space.name)).at(-1)).toMatch(/ deployed$/);
      expect((await revisions(space.name)).join()).not.toContain('pending');
    },
    240_000,
  );
});
