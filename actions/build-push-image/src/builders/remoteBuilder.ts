import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Runner } from '../../../../shared/action/Runner.ts';
import { Failure } from '../../../../shared/failure/Failure.ts';
import type { Run } from '../../../../shared/process/run.ts';
import { awaitAnswer, placeOf } from './awaitAnswer.ts';
import { allCapabilities, type Builder, type Buildx } from './Builder.ts';
import { ownBuildx } from './findBuildx.ts';

const name = 'platform-actions';

/**
 * A BuildKit at an address, known to this step only: other steps neither see nor change it.
 *
 * @throws {Failure} when it does not answer, which buildx would find out after 20 s, or cannot be used
 */
export async function remoteBuilder(address: string, runner: Runner, run: Run): Promise<Builder> {
  const { signal } = runner;
  const [buildx] = await Promise.all([ownBuildx(runner), awaitAnswer(address, runner)]);
  const config = join(runner.tempDir, 'buildx');
  const env = { ...buildx.env, BUILDX_CONFIG: config };
  if (placeOf(address) === undefined) await create(address, { ...buildx, env }, signal, run);
  else await writeInstance(address, config);
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

/** As `buildx create` of the pinned version writes it, without the start of a program for it. */
async function writeInstance(address: string, config: string): Promise<void> {
  const node = { Name: `${name}0`, Endpoint: address };
  const instance = { Name: name, Driver: 'remote', Nodes: [node], Dynamic: false };
  await mkdir(join(config, 'instances'), { recursive: true });
  await writeFile(join(config, 'instances', name), JSON.stringify(instance));
}

async function create(
  address: string,
  buildx: Buildx,
  signal: AbortSignal,
  run: Run,
): Promise<void> {
  const created = await run({
    program: buildx.program,
    args: ['create', '--name', name, '--driver', 'remote', address],
    env: buildx.env,
    signal,
  });
  signal.throwIfAborted();
  if (created.exitCode === 0) return;
  throw new Failure({
    what: `Input builder: ${JSON.stringify(address)} cannot be used.`,
    why: created.startError ?? created.stderr.trim().split('\n').at(-1),
    remedy: 'Write the address of a BuildKit, such as unix:///run/buildkit/buildkitd.sock.',
  });
}
