import { join } from 'node:path';
import type { Runner } from '../../../../shared/action/Runner.ts';
import { Failure } from '../../../../shared/failure/Failure.ts';
import type { Run } from '../../../../shared/process/run.ts';
import { allCapabilities, type Builder } from './Builder.ts';
import { ownBuildx } from './findBuildx.ts';

/** A BuildKit at an address, known to this step only: other steps neither see nor change it. */
export async function remoteBuilder(address: string, runner: Runner, run: Run): Promise<Builder> {
  const buildx = await ownBuildx(runner);
  const name = 'platform-actions';
  const env = { ...buildx.env, BUILDX_CONFIG: join(runner.tempDir, 'buildx') };
  const created = await run({
    program: buildx.program,
    args: ['create', '--name', name, '--driver', 'remote', address],
    env,
    signal: runner.signal,
  });
  runner.signal.throwIfAborted();
  if (created.exitCode !== 0) {
    throw new Failure({
      what: `Input builder: ${JSON.stringify(address)} cannot be used.`,
      why: created.startError ?? created.stderr.trim().split('\n').at(-1),
      remedy: 'Write the address of a BuildKit, such as unix:///run/buildkit/buildkitd.sock.',
    });
  }
  return {
    ...buildx,
    env,
    name,
    driver: 'remote',
    platforms: undefined,
    ...allCapabilities,
    async [Symbol.asyncDispose]() {
      // It is not ours to end, and its configuration goes with the step's folder.
    },
  };
}
