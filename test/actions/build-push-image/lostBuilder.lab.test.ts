import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { silent } from '../../../shared/log/Log.ts';
import { childEnvironment } from '../../../shared/process/childEnvironment.ts';
import { startBuildkit, type TestBuildkit } from '../../lab/buildkit/startBuildkit.ts';
import { labContext } from '../../lab/lab.ts';
import { randomDockerfile, valuesOf } from './randomStep.ts';
import { digestOf, workspace } from './workspace.ts';

let buildkit: TestBuildkit;
let again: ChildProcess | undefined;
beforeEach(async () => {
  again = undefined;
  buildkit = await startBuildkit(labContext(silent));
}, 30_000);
afterEach(async () => {
  if (again !== undefined) {
    const ended = once(again, 'exit');
    again.kill('SIGTERM');
    await ended;
  }
  await buildkit[Symbol.asyncDispose]();
}, 30_000);

/** The BuildKit of this test: nobody else's has its address. */
function daemon(): { readonly pid: number; readonly command: readonly string[] } {
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const command = readCommand(name);
    const at = command.indexOf('--addr');
    if (at > 0 && command[at + 1] === buildkit.address) return { pid: Number(name), command };
  }
  throw new Error('The BuildKit of this test does not run.');
}

function readCommand(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1);
  } catch {
    return [];
  }
}

/**
 * Kills BuildKit when the RUN step has said `text`, so while it waits: one that is killed while it makes a
 * snapshot may leave it on the disk without a record, and fails at the same place ever after.
 */
function killIn(text: string, { comesBack }: { comesBack: boolean }) {
  let killed = false;
  return (output: string) => {
    if (killed || !output.includes(text)) return;
    killed = true;
    const { pid, command } = daemon();
    process.kill(pid, 'SIGKILL');
    if (!comesBack) return;
    const [program = '', ...args] = command;
    again = spawn(program, args, { stdio: 'ignore', env: childEnvironment(process.env) });
  };
}

describe('a BuildKit that dies in mid-build', () => {
  it('and stays away is the cause that is told; there is no image under the tag', async () => {
    using space = workspace({
      Dockerfile: `${randomDockerfile()}RUN echo step-$((40+2)) && sleep 60\n`,
    });
    const step = await space.build({
      inputs: { builder: buildkit.address, tags: '1', cache: 'off' },
      onOutput: killIn('step-42', { comesBack: false }),
    });
    expect(step.exitCode).toBe(1);
    expect(step.annotations).toMatchObject([
      { level: 'warning', message: expect.stringContaining('The builder went away in mid-build') },
      { level: 'error', message: expect.stringMatching(/builder .*(does not answer|went away)/) },
    ]);
    expect(step.outputs).toEqual({});
    expect(await digestOf(space.image, '1')).toBeUndefined();
  }, 90_000);

  it('and comes back is asked once more', async () => {
    using space = workspace({
      Dockerfile: `${randomDockerfile()}RUN echo step-$((40+2)) && sleep 5\n`,
    });
    const step = await space.build({
      inputs: { builder: buildkit.address, tags: '1', cache: 'off' },
      onOutput: killIn('step-42', { comesBack: true }),
    });
    expect(step.annotations).toMatchObject([
      { level: 'warning', message: expect.stringContaining('It is asked once more.') },
    ]);
    expect(step.exitCode).toBe(0);
    expect(valuesOf(step).length).toBeGreaterThan(0);
    expect(await digestOf(space.image, '1')).toBe(step.outputs.digest);
  }, 90_000);
});
