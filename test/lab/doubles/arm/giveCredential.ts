import type { Answer, Asked } from '../serve.ts';
import type { ArmCluster } from './ArmCluster.ts';
import { ArmError } from './ArmError.ts';

/** What stands for Entra in front of a cluster, and the client that people log in with. */
const [server, client] = [
  '6dae42f8-4368-4678-94ff-3960e28e3630',
  '80faf920-1908-4b52-b5ef-a8e7bedfc67a',
];

/** `listClusterUserCredential` and `listClusterAdminCredential`, as the service answers them. */
export function giveCredential(
  { method, query }: Asked,
  verb: string,
  cluster: ArmCluster,
): Answer {
  if (method !== 'POST') throw ArmError.noRoute();
  const format = query.get('format');
  if (format !== null && !['azure', 'exec'].includes(format)) {
    throw ArmError.badContent(`The value of parameter format is invalid: ${format}.`);
  }
  switch (verb) {
    case 'listClusterUserCredential':
      return give('clusterUser', cluster, userOf(cluster, format));
    case 'listClusterAdminCredential':
      return give('clusterAdmin', cluster, localUser(cluster));
    default:
      throw ArmError.noRoute();
  }
}

/** Where people are Entra's there is no secret in it: the program, or the client's own old plug-in. */
function userOf(cluster: ArmCluster, format: string | null): object {
  const { tenant } = cluster;
  if (tenant === undefined) return localUser(cluster);
  const ids = { environment: 'AzurePublicCloud', 'server-id': server, 'client-id': client };
  if (format !== 'exec') {
    return { 'auth-provider': { name: 'azure', config: { 'apiserver-id': server, ...ids } } };
  }
  const args = Object.entries({ ...ids, 'tenant-id': tenant, login: 'devicecode' });
  return {
    exec: {
      apiVersion: 'client.authentication.k8s.io/v1beta1',
      command: 'kubelogin',
      args: ['get-token', ...args.flatMap(([name, value]) => [`--${name}`, value])],
      env: null,
      provideClusterInfo: false,
    },
  };
}

function localUser({ localToken }: ArmCluster): object {
  if (localToken === undefined) throw ArmError.noLocalAccounts();
  return { token: localToken };
}

function give(kind: string, cluster: ArmCluster, user: object): Answer {
  const { name, resourceGroup, ca } = cluster;
  const account = `${kind}_${resourceGroup}_${name}`;
  const kubeconfig = {
    apiVersion: 'v1',
    clusters: [
      { cluster: { 'certificate-authority-data': btoa(ca), server: cluster.server }, name },
    ],
    contexts: [{ context: { cluster: name, user: account }, name }],
    'current-context': name,
    kind: 'Config',
    preferences: {},
    users: [{ name: account, user }],
  };
  return {
    status: 200,
    body: { kubeconfigs: [{ name: kind, value: btoa(JSON.stringify(kubeconfig)) }] },
  };
}
