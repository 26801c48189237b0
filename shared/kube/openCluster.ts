import { readInCluster, readKubeconfig, secretsOf } from './connect.ts';
import { findKubeconfig, type Kubeconfig } from './findKubeconfig.ts';
import { KubeApi, type KubeApiOptions } from './KubeApi.ts';

export interface OpenOptions extends KubeApiOptions {
  /** Told of each secret in the kubeconfig, so that no log shows it. */
  readonly mask: (secret: string) => void;
}

/**
 * The API server that is given, else the one kubectl would ask, else that of the pod in which the runner
 * runs. It is not asked yet.
 *
 * @throws {Failure} when there is no kubeconfig, or it cannot be used
 */
export function openCluster(
  given: Kubeconfig | undefined,
  { mask, ...options }: OpenOptions,
): KubeApi {
  const found = given ?? findKubeconfig(options.env);
  const config = found === undefined ? readInCluster(options.env) : readKubeconfig(found);
  for (const secret of secretsOf(config)) mask(secret);
  return new KubeApi(config, options);
}
