import http from 'node:http';
import https from 'node:https';

export interface PoolOptions {
  /** Where the proxy variables come from. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** In place of one of ours: for servers with client certificates or a proxy of their own. */
  readonly httpsAgent?: https.Agent;
  /** A further certificate authority, PEM. */
  readonly ca?: string | undefined;
}

/** Connections that are kept open and used again, one pool a host, by way of the proxy if there is one. */
export function connectionPool({ env, ca, httpsAgent }: PoolOptions): {
  readonly http: http.Agent;
  readonly https: https.Agent;
} {
  const proxyEnv = { ...env };
  return {
    http: new http.Agent({ keepAlive: true, proxyEnv }),
    https: httpsAgent ?? new https.Agent({ keepAlive: true, proxyEnv, ...(ca && { ca }) }),
  };
}
