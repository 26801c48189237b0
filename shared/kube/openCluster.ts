import { KubeConfig } from '@kubernetes/client-node';
import type { Log } from '../log/Log.ts';
import { type Named, readInCluster, readKubeconfig, secretsOf } from './connect.ts';
import { findKubeconfig, type Kubeconfig } from './findKubeconfig.ts';
import { KubeApi } from './KubeApi.ts';
import { serverOfKubelogin } from './kubelogin.ts';
import { tokenFileOf } from './tokenFile.ts';

/** How a cluster is reached; nothing at all is as kubectl would. */
export interface Access {
  readonly kubeconfig?: Kubeconfig | undefined;
  /** In place of `kubeconfig`: fetches it, as Azure gives that of a cluster. */
  readonly fetch?: (() => Promise<string>) | undefined;
  /**
   * Does what kubelogin does: gives a token for an application of Entra's that is good now. Without it,
   * the program that the kubeconfig names is started.
   */
  readonly entraToken?: ((server: string) => () => Promise<string>) | undefined;
  /** As messages name it. */
  readonly named?: Named | undefined;
}

export interface OpenOptions {
  /** Where KUBECONFIG and the proxy variables come from. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: Log;
  /** Told of each secret in the kubeconfig, so that no log shows it. */
  readonly mask: (secret: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/** A cluster, for us and for programs. */
export interface OpenCluster {
  readonly api: KubeApi;
  /** Without a way to log in where `bearer` is. */
  readonly config: KubeConfig;
  /** What was given or found; `undefined` in a pod. */
  readonly kubeconfig: Kubeconfig | undefined;
  /** Gives Entra's token; programs want it, too. */
  readonly bearer: (() => Promise<string>) | undefined;
  /** Of the kubeconfig's context, or of the pod. */
  readonly namespace: string | undefined;
  readonly named: Named | undefined;
}

/**
 * The API server that is given, else the one kubectl would ask, else that of the pod in which the runner
 * runs. It is not asked yet.
 *
 * @throws {Failure} when there is no kubeconfig, or it cannot be used
 */
export async function openCluster(access: Access, options: OpenOptions): Promise<OpenCluster> {
  const { env, log, mask, signal } = options;
  const kubeconfig =
    access.fetch === undefined
      ? (access.kubeconfig ?? findKubeconfig(env))
      : { text: await access.fetch() };
  const config = kubeconfig === undefined ? readInCluster(env) : readKubeconfig(kubeconfig);
  for (const secret of secretsOf(config)) mask(secret);
  const server = serverOfKubelogin(config);
  const bearer = server === undefined ? undefined : access.entraToken?.(server);
  const used = bearer === undefined ? config : withoutLogin(config);
  return {
    api: new KubeApi(used, {
      env,
      log,
      signal,
      bearer: bearer ?? masked(tokenFileOf(config), mask),
    }),
    ...{ config: used, kubeconfig, bearer, named: access.named },
    namespace: config.getContextObject(config.getCurrentContext())?.namespace,
  };
}

/** The current context alone; its user has no program that would be started. */
function withoutLogin(config: KubeConfig): KubeConfig {
  const context = config.getContextObject(config.getCurrentContext());
  const cluster = config.getCurrentCluster();
  const user = config.getCurrentUser();
  const only = new KubeConfig();
  only.loadFromOptions({
    clusters: [cluster],
    contexts: [context],
    users: [{ name: user?.name, impersonateUser: user?.impersonateUser }],
    currentContext: context?.name,
  });
  return only;
}

function masked(
  read: (() => Promise<string>) | undefined,
  mask: (secret: string) => void,
): (() => Promise<string>) | undefined {
  return (
    read &&
    (async () => {
      const token = await read();
      mask(token);
      return token;
    })
  );
}
