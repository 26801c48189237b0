import { writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Runner } from '../../../shared/action/Runner.ts';
import { Helm } from '../../../shared/helm/Helm.ts';
import { clusterLogin } from '../../../shared/kube/clusterLogin.ts';
import {
  checkReachable,
  readInCluster,
  readKubeconfig,
  secretsOf,
} from '../../../shared/kube/connect.ts';
import { findKubeconfig, type Kubeconfig } from '../../../shared/kube/findKubeconfig.ts';
import { KubeApi } from '../../../shared/kube/KubeApi.ts';
import { childEnvironment } from '../../../shared/process/childEnvironment.ts';
import { run } from '../../../shared/process/run.ts';
import type { Inputs } from './inputs.ts';
import { provideHelm } from './provideHelm.ts';

/** The cluster of the release, by its API and by Helm. */
export interface Cluster {
  readonly api: KubeApi;
  readonly helm: Helm;
}

/** Registry login and caches of Helm are those of the environment; in a pod, so is the API server. */
export const helmVariables = [
  'HELM_CACHE_HOME',
  'HELM_CONFIG_HOME',
  'HELM_DATA_HOME',
  'HELM_DRIVER',
  'HELM_REGISTRY_CONFIG',
  'DOCKER_CONFIG',
  'KUBERNETES_SERVICE_HOST',
  'KUBERNETES_SERVICE_PORT',
] as const;

/**
 * Finds the kubeconfig and Helm, and makes sure that the API server is there.
 *
 * @throws {Failure} when the kubeconfig cannot be used, or the server does not answer
 */
export async function openCluster(inputs: Inputs, runner: Runner): Promise<Cluster> {
  const { env, tempDir, log } = runner;
  const given = inputs.kubeconfig ?? findKubeconfig(env);
  const config = given === undefined ? readInCluster(env) : readKubeconfig(given);
  for (const secret of secretsOf(config)) runner.mask(secret);
  const api = new KubeApi(config, { env, log });

  const [helm] = await Promise.all([provideHelm(inputs.helmVersion, runner), checkReachable(api)]);
  return {
    api,
    helm: new Helm({
      ...helm,
      run,
      secrets: runner.secrets,
      env: childEnvironment(env, {
        ...Object.fromEntries(helmVariables.map((name) => [name, env[name]])),
        // Helm starts it as well as we do; credential helpers of registries read the same.
        ...clusterLogin(env),
        ...(config.getCurrentUser()?.exec && ownIdentity(env)),
        KUBECONFIG: given && pathsOf(given, tempDir).join(delimiter),
      }),
      onLine: (line) => log.untrusted(line),
    }),
  };
}

/** By which the job's own identity is asked for, as kubelogin can. */
function ownIdentity({
  ACTIONS_ID_TOKEN_REQUEST_URL,
  ACTIONS_ID_TOKEN_REQUEST_TOKEN,
}: Runner['env']) {
  return { ACTIONS_ID_TOKEN_REQUEST_URL, ACTIONS_ID_TOKEN_REQUEST_TOKEN };
}

/** Where Helm finds it; a text becomes a file of the step's own. */
function pathsOf(given: Kubeconfig, tempDir: string): readonly string[] {
  if ('paths' in given) return given.paths;
  const path = join(tempDir, 'kubeconfig');
  writeFileSync(path, given.text, { mode: 0o600 });
  return [path];
}
