import { ArmError } from './ArmError.ts';
import { same } from './locate.ts';

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
  const parts =
    /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/providers\/Microsoft\.ContainerService\/managedClusters\/([^/]+)\/(.*)$/i.exec(
      path,
    );
  if (parts === null) return undefined;
  const [subscription = '', group = '', name = '', verb = ''] = parts
    .slice(1)
    .map(decodeURIComponent);
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(subscription)) {
    throw ArmError.badSubscription(subscription);
  }
  const inside = clusters.filter((one) => same(one.subscription, subscription));
  if (inside.length === 0) throw ArmError.unknownSubscription(subscription);
  const grouped = inside.filter((one) => same(one.resourceGroup, group));
  if (grouped.length === 0) throw ArmError.unknownGroup(group);
  const cluster = grouped.find((one) => same(one.name, name));
  if (cluster === undefined) throw ArmError.unknownCluster(name, group);
  return { cluster, verb, action: `${provider}/${verb}/action` };
}
