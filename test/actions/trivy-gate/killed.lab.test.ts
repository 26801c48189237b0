import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { trivyDbRepository as database } from '../../lab/trivy-db/trivyDb.ts';
import { graceMs } from '../graceMs.ts';
import { startAction } from '../startAction.ts';
import { contents, push } from './images.ts';
import { at, type RegistryInFront, registryInFront } from './registryInFront.ts';

let registry: RegistryInFront;
let image: string;
/** Resolves when Trivy waits for a layer, which never comes. */
let waiting: Promise<void>;
beforeEach(async () => {
  let tell = () => {};
  waiting = new Promise((resolve) => {
    tell = resolve;
  });
  let blobs = 0;
  registry = await registryInFront((request) => {
    // The first blob that Trivy asks for is the image's configuration, the second its layer.
    if (!request.url?.includes('/blobs/') || ++blobs === 1) return false;
    tell();
    return true;
  });
  // A layer that Trivy has not seen: what it found in one is kept for the next scan.
  image = at(registry, await push({ ...contents.critical, 'etc/machine-id': randomUUID() }));
});
afterEach(() => registry.close());

/** The processes that scan this test's image. */
function scanners(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
        return words.includes('--format=json') && words.includes(image);
      } catch {
        return false;
      }
    })
    .map(Number);
}

/** Starts the step, and does something to it while Trivy waits for a layer. */
async function during(act: (step: ChildProcess) => void) {
  let child: ChildProcess | undefined;
  const step = startAction('trivy-gate', {
    inputs: { image, 'db-repository': database },
    onStart: (started) => {
      child = started;
    },
  });
  await waiting;
  expect(scanners()).toHaveLength(1);
  if (child !== undefined) act(child);
  return step;
}

describe('while Trivy waits for a layer', () => {
  it('it is killed: the verdict is incomplete', async () => {
    const step = await during(() => {
      for (const pid of scanners()) process.kill(pid, 'SIGKILL');
    });
    expect(step.exitCode).toBe(1);
    expect(step.outputs.verdict).toBe('incomplete');
    expect(step.outputs.report).toBeUndefined();
    expect(step.annotations).toHaveLength(1);
    expect(step.annotations[0]?.message).toContain(
      'Trivy could not scan the image. It was killed (SIGKILL).',
    );
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)(
    'the job is cancelled (%s): Trivy is gone in time, nothing passes',
    async (signal, exitCode) => {
      let sent = 0;
      const step = await during((child) => {
        sent = performance.now();
        child.kill(signal);
      });
      expect(performance.now() - sent).toBeLessThan(graceMs[signal]);
      expect(step.exitCode).toBe(exitCode);
      expect(step.outputs.verdict).toBe('incomplete');
      expect(step.annotations.map(({ message }) => message)).toEqual([
        `The job was cancelled (${signal}).`,
      ]);
      await sleep(100);
      expect(scanners()).toEqual([]);
    },
    15_000,
  );

  it('the step itself is killed: what it wrote is no pass', async () => {
    const step = await during((child) => {
      child.kill('SIGKILL');
      // A runner ends what its job left behind; here it is done by hand.
      for (const pid of scanners()) process.kill(pid, 'SIGKILL');
    });
    expect(step.signal).toBe('SIGKILL');
    expect(step.outputs.verdict).toBe('incomplete');
  });
});
