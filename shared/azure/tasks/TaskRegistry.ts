/** Where ARM finds a registry. */
export interface TaskRegistry {
  /** ARM of the cloud, without a path: `https://management.azure.com`, `https://management.chinacloudapi.cn`. */
  readonly arm: string;
  readonly subscription: string;
  readonly resourceGroup: string;
  /** Its name, without `.azurecr.io`. */
  readonly name: string;
}

/** The path of the registry in ARM. */
export function resourceId({ subscription, resourceGroup, name }: TaskRegistry): string {
  const [group, registry] = [resourceGroup, name].map(encodeURIComponent);
  return `/subscriptions/${encodeURIComponent(subscription)}/resourceGroups/${group}/providers/Microsoft.ContainerRegistry/registries/${registry}`;
}
