import { join } from 'node:path';
import type { Runner } from '../../../shared/action/Runner.ts';
import { Failure } from '../../../shared/failure/Failure.ts';
import { childEnvironment, type Environment } from '../../../shared/process/childEnvironment.ts';
import { type Run, run } from '../../../shared/process/run.ts';
import { which } from '../../../shared/tools/findOnPath.ts';
import { provideTool } from '../../../shared/tools/provideTool.ts';

/** How buildx is called, and the builder that it is told to use. */
export interface Builder {
  readonly program: string;
  /** What stands before `build`: docker's own sub-command, or nothing. */
  readonly prefix: readonly string[];
  /** `undefined` for the builder that is current in buildx. */
  readonly name: string | undefined;
  readonly env: Environment;
}

/** Docker's variables decide which engine, configuration and registry logins are meant. */
const dockerVariables = [
  'DOCKER_HOST',
  'DOCKER_CONTEXT',
  'DOCKER_CONFIG',
  'DOCKER_CERT_PATH',
  'DOCKER_TLS_VERIFY',
  'BUILDX_CONFIG',
  'BUILDX_BUILDER',
] as const;

/**
 * Finds buildx and a builder: the named one, the BuildKit at the given address (or in
 * `BUILDKIT_HOST`), else the current one of a Docker engine.
 *
 * @throws {Failure} when there is neither an address nor Docker
 */
export async function findBuilder(
  wanted: string | undefined,
  runner: Runner,
  runProgram: Run = run,
): Promise<Builder> {
  const address = isAddress(wanted)
    ? wanted
    : wanted === undefined
      ? runner.env.BUILDKIT_HOST
      : undefined;
  const env = childEnvironment(
    runner.env,
    Object.fromEntries(dockerVariables.map((name) => [name, runner.env[name]])),
  );
  if (address) {
    const { path } = await provideTool('buildx', runner);
    return remote(path, address, env, runner, runProgram);
  }
  const docker = await which('docker', runner.env.PATH ?? '');
  if (docker === undefined) {
    throw new Failure({
      what: 'There is no builder on this runner.',
      why: 'Neither `builder` nor BUILDKIT_HOST names a BuildKit, and there is no Docker here.',
      remedy: 'Give the address of a BuildKit in `builder`, or use a runner with Docker.',
    });
  }
  const plugin = await runProgram({ program: docker, args: ['buildx', 'version'], env });
  const found = plugin.exitCode === 0 ? docker : (await provideTool('buildx', runner)).path;
  return { program: found, prefix: found === docker ? ['buildx'] : [], name: wanted, env };
}

function isAddress(builder: string | undefined): builder is string {
  return builder !== undefined && /^(unix|tcp|docker-container|kube-pod|ssh):\/\//.test(builder);
}

/** A builder known to this step only: other steps of the machine neither see nor change it. */
async function remote(
  program: string,
  address: string,
  env: Environment,
  runner: Runner,
  runProgram: Run,
): Promise<Builder> {
  const name = 'platform-actions';
  const own = { ...env, BUILDX_CONFIG: join(runner.tempDir, 'buildx') };
  const created = await runProgram({
    program,
    args: ['create', '--name', name, '--driver', 'remote', address],
    env: own,
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
  return { program, prefix: [], name, env: own };
}
