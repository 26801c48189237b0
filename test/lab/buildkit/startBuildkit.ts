import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { childEnvironment } from '../../../shared/process/childEnvironment.ts';
import { listens } from '../answers.ts';
import { unmountBelow } from '../cluster/containerd.ts';
import type { LabContext } from '../Part.ts';

/** A BuildKit of a test's own, empty as on a new runner. */
export interface TestBuildkit extends AsyncDisposable {
  /** What `builder:` of build-push-image is given. */
  readonly address: string;
}

const deadlineMs = 20_000;

/** Starts one with the configuration of the lab's, and takes everything away when it is disposed of. */
export async function startBuildkit(
  lab: Pick<LabContext, 'stateDir' | 'program'>,
): Promise<TestBuildkit> {
  const folder = await mkdtemp(join(tmpdir(), 'buildkit-'));
  const socket = join(folder, 's');
  const address = `unix://${socket}`;
  const child = spawn(
    await lab.program('buildkitd'),
    [
      ...['--config', join(lab.stateDir, 'buildkitd.toml')],
      ...['--addr', address, '--root', join(folder, 'root')],
    ],
    { stdio: 'ignore', env: childEnvironment(process.env) },
  );
  const buildkit: TestBuildkit = {
    address,
    async [Symbol.asyncDispose]() {
      await end(child);
      await unmountBelow(folder);
      await rm(folder, { recursive: true, force: true });
    },
  };
  const deadline = Date.now() + deadlineMs;
  while (!(await listens(socket))) {
    if (child.exitCode !== null || Date.now() > deadline) {
      await buildkit[Symbol.asyncDispose]();
      throw new Error('A BuildKit of a test does not answer.');
    }
    await sleep(50);
  }
  return buildkit;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 5000);
  await ended;
  clearTimeout(timer);
}
