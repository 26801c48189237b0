/** Where ARM finds a cluster. */
export interface AksCluster {
  /** ARM of the cloud, without a path. */
  readonly arm: string;
  readonly subscription: string;
  readonly resourceGroup: string;
  readonly name: string;
}

/** What stands for Entra in front of every cluster of AKS, in all clouds. */
export const aksServer = '6dae42f8-4368-4678-94ff-3960e28e3630';

/** The path of the cluster in ARM. */
export function clusterId({ subscription, resourceGroup, name }: AksCluster): string {
  const [id, group, cluster] = [subscription, resourceGroup, name].map(encodeURIComponent);
  return `/subscriptions/${id}/resourceGroups/${group}/providers/Microsoft.ContainerService/managedClusters/${cluster}`;
}
