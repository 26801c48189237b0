import { clouds } from '../../azure/clouds.ts';
import { isLoopback } from '../../oci/registryAddress.ts';
import { InputProblem, type InputReader, type Parse } from '../InputReader.ts';
import { kubeconfig } from '../kubeconfig.ts';
import { azureIdentity } from '../login/planLogin.ts';
import type { GivenLogin } from '../login/RegistryLogin.ts';
import { boolean, text } from '../parsers.ts';
import type { GivenAks, GivenCluster } from './GivenCluster.ts';

/**
 * Reads the inputs about the cluster: `kubeconfig`, or `aks-cluster` with its `resource-group` and
 * `subscription`. What is wrong with them is told to the reader.
 *
 * @param login the inputs about Azure, as they were read
 */
export async function readCluster(
  reader: InputReader,
  workspace: string,
  login: GivenLogin,
): Promise<GivenCluster> {
  const given = await reader.confidential('kubeconfig', kubeconfig(workspace));
  const hasIdentity = (login.clientId ?? login.managedIdentity) !== undefined;
  const cluster = await reader.optional('aks-cluster', aksCluster);
  const aks = await readAks(reader, cluster);
  if (cluster !== undefined && reader.has('kubeconfig')) {
    reader.conflict(
      'Inputs kubeconfig and aks-cluster are both given.',
      'Leave `kubeconfig` out: Azure gives that of the cluster.',
    );
  }
  if (cluster !== undefined && !hasIdentity) {
    reader.conflict(
      'Input aks-cluster: Azure is asked by an identity, and none is given.',
      'Give `azure-client-id` and `azure-tenant-id`, with `id-token: write` under `permissions:`.',
    );
  }
  const cloud = clouds[login.cloud ?? 'public'];
  return {
    kubeconfig: given,
    aks,
    identity: hasIdentity ? azureIdentity(login, cloud) : undefined,
  };
}

interface Named {
  readonly name: string;
  readonly arm: string | undefined;
}

async function readAks(
  reader: InputReader,
  cluster: Named | undefined,
): Promise<GivenAks | undefined> {
  const resourceGroup = await reader.optional('resource-group', text);
  const subscription = await reader.optional('subscription', guid);
  const admin = await reader.required('aks-admin', boolean);
  const companions = { 'resource-group': resourceGroup, subscription };
  for (const [name, value] of Object.entries(companions)) {
    const isGiven = value !== undefined || reader.has(name);
    if (cluster !== undefined && !isGiven) {
      reader.conflict(
        `Input aks-cluster is given without ${name}.`,
        `Add \`${name}:\`, as \`az aks show\` prints it.`,
      );
    }
    if (cluster === undefined && isGiven && !reader.has('aks-cluster')) {
      reader.conflict(
        `Input ${name} is given without aks-cluster.`,
        `Add \`aks-cluster:\`, or leave \`${name}\` out.`,
      );
    }
  }
  if (cluster === undefined || resourceGroup === undefined || subscription === undefined) {
    return undefined;
  }
  return { ...cluster, resourceGroup, subscription, admin };
}

const aksCluster: Parse<Named> = (given) => {
  const [name = '', query = ''] = given.trim().split('?');
  if (!/^[A-Za-z0-9]([-_A-Za-z0-9]*[A-Za-z0-9])?$/.test(name) || name.length > 63) {
    throw new InputProblem(
      'is not the name of an AKS cluster',
      'Write its name alone, as `az aks list --output table` prints it.',
    );
  }
  const arm = new URLSearchParams(query).get('arm') ?? undefined;
  const address = URL.parse(arm ?? 'https://arm');
  if (address?.protocol === 'https:' || (address && isLoopback(address.host))) return { name, arm };
  throw new InputProblem('has an arm that is not an https address', 'Write it as `https://…`.');
};

const guid: Parse<string> = (given) => {
  const id = given.trim();
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)) return id;
  throw new InputProblem(
    "is not a subscription's id",
    'Write the GUID that `az account show --query id` prints.',
  );
};
