import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { Runner } from '../../../../shared/action/Runner.ts';
import { readInCluster, readKubeconfig } from '../../../../shared/kube/connect.ts';
import { KubeApi } from '../../../../shared/kube/KubeApi.ts';
import { silent } from '../../../../shared/log/Log.ts';

/** The cluster that buildx means, and the namespace where none is given. */
export function openCluster(
  { env }: Pick<Runner, 'env'>,
  signal: AbortSignal,
): { readonly api: KubeApi; readonly namespace: string } {
  const named = (env.KUBECONFIG ?? '').split(delimiter).filter((path) => path !== '');
  const usual = join(env.HOME ?? homedir(), '.kube', 'config');
  const paths = (named.length > 0 ? named : [usual]).filter((path) => existsSync(path));
  const config = paths.length > 0 ? readKubeconfig({ paths }) : readInCluster(env);
  const { namespace } = config.getContextObject(config.getCurrentContext()) ?? {};
  // buildx speaks to the same server, and tells what is wrong with it.
  return {
    api: new KubeApi(config, { env, log: silent, signal }),
    namespace: namespace ?? 'default',
  };
}
