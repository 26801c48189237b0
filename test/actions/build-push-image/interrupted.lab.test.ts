import { randomBytes, randomInt } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { addresses } from '../../lab/addresses.ts';
import { killSweep } from '../../lab/faults/killSweep.ts';
import { sampleShots } from '../../lab/faults/sampleShots.ts';
import { graceMs } from '../graceMs.ts';
import { filesWith } from './filesWith.ts';
import { randomDockerfile, valuesOf } from './randomStep.ts';
import { digestOf, workspace } from './workspace.ts';

/** Folders of one test's own: the runner's temporary one, and a home. */
function places() {
  const [home, temp] = ['home-', 'runner-'].map((name) => mkdtempSync(join(tmpdir(), name))) as [
    string,
    string,
  ];
  return {
    ...{ home, temp },
    // Programs are found where they are, whatever the home of the step is.
    env: {
      HOME: home,
      RUNNER_TEMP: temp,
      XDG_CACHE_HOME: process.env.XDG_CACHE_HOME ?? join(process.env.HOME ?? '', '.cache'),
    },
    [Symbol.dispose]() {
      for (const folder of [home, temp]) rmSync(folder, { recursive: true, force: true });
    },
  };
}

const password = `pass-${randomBytes(8).toString('hex')}`;
const secret = `value-${randomBytes(8).toString('hex')}`;
const logins = { username: 'somebody', password, secrets: `key=${secret}` };

/** What sleeps so long that no other test's step does, in whatever container. */
function naps(seconds: number): string[] {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(String(seconds));
    } catch {
      return false;
    }
  });
}

async function noNaps(seconds: number): Promise<void> {
  const deadline = Date.now() + 7000;
  while (naps(seconds).length > 0 && Date.now() < deadline) await sleep(50);
  expect(naps(seconds)).toEqual([]);
}

describe('a step that is ended at any moment', () => {
  const shots = sampleShots({ seed: 20261125, count: 9, everyMs: 100, untilMs: 2500 });
  const lanes = [0, 1].map((lane) => [lane, shots.filter((_, at) => at % 2 === lane)] as const);
  it.concurrent.each(lanes)(
    'of its build leaves no builder, no credentials, and no image under a tag (%s)',
    async (_lane, shots) => {
      const nap = randomInt(100_000, 1_000_000);
      using place = places();
      const { home, temp, env } = place;
      using space = workspace({
        Dockerfile: `FROM ${addresses.registry}/library/busybox:1.36\nRUN sleep ${nap}\n`,
      });
      const folders: string[] = [];
      const results = await killSweep({
        shots,
        victim: () => {
          const step = space.prepare({ inputs: { ...logins, tags: '1' }, env });
          folders.push(step.folder);
          return step;
        },
        folders: [temp, home],
        settleMs: 2000,
        afterShot: async ({ signal, leftBehind }) => {
          await noNaps(nap);
          expect(leftBehind.processes).toEqual([]);
          // Nobody can tidy up after a SIGKILL of its own; the `post` step does.
          if (signal !== 'SIGKILL') expect(leftBehind.files).toEqual([]);
          expect(filesWith([temp, home, ...folders], [password, secret])).toEqual([]);
        },
      });
      for (const { signal, dyingMs, hung, stdout } of results) {
        expect(hung).toBe(false);
        expect(dyingMs).toBeLessThan(graceMs[signal]);
        // Its masks are the one place where the runner is told of them.
        expect(stdout.replaceAll(/^::add-mask::.*$/gm, '')).not.toMatch(`${password}|${secret}`);
      }
      expect(results.some(({ stdout }) => stdout.includes(`RUN sleep ${nap}`))).toBe(true);
      expect(await digestOf(space.image, '1')).toBeUndefined();
      for (const folder of folders) rmSync(folder, { recursive: true, force: true });
    },
    180_000,
  );

  it.concurrent('by a SIGKILL ends its build with it, and leaves its files to the `post` step', async () => {
    using place = places();
    const { temp, env } = place;
    const nap = randomInt(100_000, 1_000_000);
    using space = workspace({
      Dockerfile: `FROM ${addresses.registry}/library/busybox:1.36\nRUN sleep ${nap}\n`,
    });
    const step = await space.build({
      inputs: logins,
      env,
      onOutput: (text, child) => {
        if (text.includes(`RUN sleep ${nap}`)) child.kill('SIGKILL');
      },
    });
    expect(step.signal).toBe('SIGKILL');
    await noNaps(nap);
    expect(readdirSync(temp)).toEqual([expect.stringMatching(/^platform-actions-/)]);
    const post = await space.build({ entry: 'post', state: step.state, env });
    expect(post).toMatchObject({ exitCode: 0, annotations: [] });
    expect(readdirSync(temp)).toEqual([]);
  });

  it.concurrent('of its push is made good by the next run', async () => {
    using place = places();
    const { home, temp, env } = place;
    using space = workspace({ Dockerfile: randomDockerfile() });
    const folders: string[] = [];
    await killSweep({
      shots: sampleShots({ seed: 7, count: 6, everyMs: 100, untilMs: 2500 }),
      victim: () => {
        const step = space.prepare({ inputs: { ...logins, tags: '1' }, env });
        folders.push(step.folder);
        return step;
      },
      folders: [temp, home],
      settleMs: 2000,
    });
    const next = await space.build({ inputs: { ...logins, tags: '1' }, env });
    expect(next.exitCode).toBe(0);
    expect(next.annotations).toEqual([]);
    expect(valuesOf(next).length).toBeLessThan(2);
    expect(await digestOf(space.image, '1')).toBe(next.outputs.digest);
    expect(filesWith([temp, home, ...folders], [password, secret])).toEqual([]);
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  }, 180_000);
});
