import type { Runner } from '../../../../shared/action/Runner.ts';
import { clusterLogin } from '../../../../shared/kube/clusterLogin.ts';
import { childEnvironment, type Environment } from '../../../../shared/process/childEnvironment.ts';
import type { Run } from '../../../../shared/process/run.ts';
import { which } from '../../../../shared/tools/findOnPath.ts';
import { provideTool } from '../../../../shared/tools/provideTool.ts';
import type { Buildx } from './Builder.ts';

/** They decide which engine, cluster, configuration and registry logins are meant, and more of a build. */
const passedOn = [
  'DOCKER_HOST',
  'DOCKER_CONTEXT',
  'DOCKER_CONFIG',
  'DOCKER_CERT_PATH',
  'DOCKER_TLS_VERIFY',
  'BUILDX_CONFIG',
  'BUILDX_BUILDER',
  'KUBECONFIG',
  'KUBERNETES_SERVICE_HOST',
  'KUBERNETES_SERVICE_PORT',
  // By which caches of the kind `gha` are read and written.
  'ACTIONS_RUNTIME_TOKEN',
  'ACTIONS_RESULTS_URL',
  'ACTIONS_CACHE_URL',
  'ACTIONS_CACHE_SERVICE_V2',
  // What `ssh: default` forwards, and the time that an image is given.
  'SSH_AUTH_SOCK',
  'SOURCE_DATE_EPOCH',
] as const;

/** The environment of buildx. */
export function buildxEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  extra: Readonly<Record<string, string>> = {},
): Environment {
  return childEnvironment(env, {
    ...Object.fromEntries(passedOn.map((name) => [name, env[name]])),
    ...clusterLogin(env),
    ...extra,
  });
}

/** Docker's own buildx where docker has one, else ours. */
export async function findBuildx(runner: Runner, run: Run): Promise<Buildx> {
  const env = buildxEnvironment(runner.env);
  const docker = await which('docker', runner.env.PATH ?? '');
  if (docker !== undefined) {
    const { signal } = runner;
    const plugin = await run({ program: docker, args: ['buildx', 'version'], env, signal });
    signal.throwIfAborted();
    if (plugin.exitCode === 0) return { program: docker, prefix: ['buildx'], env };
  }
  return ownBuildx(runner);
}

/** The pinned buildx, which needs no docker. */
export async function ownBuildx(runner: Runner): Promise<Buildx> {
  const { path } = await provideTool('buildx', runner);
  return { program: path, prefix: [], env: buildxEnvironment(runner.env) };
}
