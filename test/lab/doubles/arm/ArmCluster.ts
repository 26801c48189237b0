import { ArmError } from './ArmError.ts';
import { locateResource } from './locate.ts';

/** A cluster of AKS that the double knows. */
export interface ArmCluster {
  readonly subscription: string;
  readonly resourceGroup: string;
  readonly name: string;
  /** Where its API server is, and the PEM of who signed that one's certificate. */
  readonly server: string;
  readonly ca: string;
  /** The tenant by which it knows people; without one its users have a token in their kubeconfig. */
  readonly tenant?: string;
  /** What the kubeconfigs of its own accounts hold; `undefined` where they are disabled. */
  readonly localToken?: string;
}

const provider = 'Microsoft.ContainerService/managedClusters';

/** Names are compared whatever their case; `undefined` for a path of another provider's. */
export function locateCluster(path: string, clusters: readonly ArmCluster[]) {
  const found = locateResource(path, provider, clusters, ArmError.unknownCluster);
  if (found === undefined) return undefined;
  const { resource: cluster, rest: verb } = found;
  return { cluster, verb, action: `${provider}/${verb}/action` };
}
