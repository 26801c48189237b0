import { accessOf } from '../../../shared/action/cluster/accessOf.ts';
import type { Runner } from '../../../shared/action/Runner.ts';
import { Helm } from '../../../shared/helm/Helm.ts';
import { clusterLogin } from '../../../shared/kube/clusterLogin.ts';
import { checkReachable } from '../../../shared/kube/connect.ts';
import type { KubeApi } from '../../../shared/kube/KubeApi.ts';
import { kubeconfigFor } from '../../../shared/kube/kubeconfigFor.ts';
import { openCluster as openApi } from '../../../shared/kube/openCluster.ts';
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
 * Opens the cluster that the inputs name for us and for Helm, and makes sure that its API server is
 * there.
 *
 * @throws {Failure} when it cannot be logged in to, or the server does not answer
 */
export async function openCluster(
  { cluster, helmVersion }: Inputs,
  runner: Runner,
): Promise<Cluster> {
  const { env, tempDir, log, mask } = runner;
  const opened = await openApi(accessOf(cluster, runner), { env, log, mask });
  const { api, config, named } = opened;

  const [helm, kubeconfig] = await Promise.all([
    provideHelm(helmVersion, runner),
    kubeconfigFor(opened, tempDir, log),
    checkReachable(api, named),
  ]);
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
        KUBECONFIG: kubeconfig,
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
