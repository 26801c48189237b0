import { Buffer } from 'node:buffer';
import type { Http, HttpResponse } from '../../http/request.ts';
import { type AksCluster, clusterId } from './AksCluster.ts';
import { explainAksRefusal, noKubeconfig } from './explainAksRefusal.ts';

/** Stable, and one in which every cloud has it. */
const apiVersion = '2024-09-01';

export interface FetchOptions {
  /** The cluster's own administrator, a certificate that knows no person, in place of the identity. */
  readonly admin: boolean;
  /** The identity as messages name it. */
  readonly who: string;
  /** Gives a token for ARM that is good now. */
  readonly token: () => Promise<string>;
  readonly http: Http;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The kubeconfig of a cluster of AKS, as ARM gives it to who may have it. Asking twice changes nothing.
 *
 * @returns where the cluster knows people by Entra: one that names kubelogin, and holds no secret
 * @throws {Failure} that tells the refusals apart
 */
export async function fetchKubeconfig(cluster: AksCluster, options: FetchOptions): Promise<string> {
  const { admin, token, http, signal } = options;
  const verb = admin ? 'listClusterAdminCredential' : 'listClusterUserCredential';
  const url = new URL(`${cluster.arm}${clusterId(cluster)}/${verb}`);
  url.searchParams.set('api-version', apiVersion);
  if (!admin) url.searchParams.set('format', 'exec');
  const response = await http({
    method: 'POST',
    url: url.href,
    headers: { accept: 'application/json', authorization: `Bearer ${await token()}` },
    repeatable: true,
    signal,
  });
  if (response.status >= 400) throw explainAksRefusal(cluster, options, response);
  const text = firstOf(response);
  if (text === undefined) throw noKubeconfig(cluster, response);
  return text;
}

function firstOf({ body }: HttpResponse): string | undefined {
  try {
    const { kubeconfigs } = JSON.parse(body.toString()) as { kubeconfigs?: { value?: string }[] };
    const value = kubeconfigs?.[0]?.value;
    return value === undefined ? undefined : Buffer.from(value, 'base64').toString('utf8');
  } catch {
    return undefined;
  }
}
