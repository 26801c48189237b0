import { writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Runner } from '../../../shared/action/Runner.ts';
import { Failure } from '../../../shared/failure/Failure.ts';
import { Helm } from '../../../shared/helm/Helm.ts';
import {
  checkReachable,
  readInCluster,
  readKubeconfig,
  secretsOf,
} from '../../../shared/kube/connect.ts';
import { KubeApi } from '../../../shared/kube/KubeApi.ts';
import { childEnvironment } from '../../../shared/process/childEnvironment.ts';
import { run } from '../../../shared/process/run.ts';
import { provideTool } from '../../../shared/tools/provideTool.ts';
import type { Inputs } from './inputs.ts';

/** The cluster of the release, by its API and by Helm. */
export interface Cluster {
  readonly api: KubeApi;
  readonly helm: Helm;
}

/** The registry login and caches of Helm are those of the environment. */
const helmVariables = [
  'HELM_CACHE_HOME',
  'HELM_CONFIG_HOME',
  'HELM_DATA_HOME',
  'HELM_DRIVER',
  'HELM_REGISTRY_CONFIG',
  'DOCKER_CONFIG',
] as const;

/**
 * Finds the kubeconfig and Helm, and makes sure that the API server is there.
 *
 * @throws {Failure} when the kubeconfig cannot be used, or the server does not answer
 */
export async function openCluster(inputs: Inputs, runner: Runner): Promise<Cluster> {
  const { env, tempDir, log } = runner;
  const text = inputs.kubeconfig ?? (await kubeconfigOfEnvironment(env));
  const config = text === undefined ? readInCluster() : readKubeconfig(text);
  for (const secret of secretsOf(config)) runner.mask(secret);
  const api = new KubeApi(config, { env, log });
  const path = join(tempDir, 'kubeconfig');
  if (text !== undefined) writeFileSync(path, text, { mode: 0o600 });

  const [helm] = await Promise.all([provideTool('helm', runner), checkReachable(api)]);
  return {
    api,
    helm: new Helm({
      program: helm.path,
      run,
      secrets: runner.secrets,
      env: childEnvironment(env, {
        ...Object.fromEntries(helmVariables.map((name) => [name, env[name]])),
        ...(text !== undefined && { KUBECONFIG: path }),
      }),
      onLine: (line) => log.untrusted(line),
    }),
  };
}

async function kubeconfigOfEnvironment(env: Runner['env']): Promise<string | undefined> {
  const path = env.KUBECONFIG || join(env.HOME ?? homedir(), '.kube', 'config');
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined && env.KUBECONFIG) {
    throw new Failure({
      what: `The kubeconfig ${path} that KUBECONFIG names cannot be read.`,
      remedy: 'Give `kubeconfig`, or correct KUBECONFIG.',
    });
  }
  return text;
}
