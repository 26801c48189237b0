/** Where ARM finds a registry, in its cloud. */
export interface RegistryPath {
  readonly subscription: string;
  readonly resourceGroup: string;
  /** The registry's name, without `.azurecr.io`. */
  readonly registry: string;
}

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Reads `SUBSCRIPTION/RESOURCE-GROUP`, or with `/REGISTRY` where its name is not the first part of its
 * host.
 *
 * @returns `undefined` for what is neither
 */
export function readRegistryPath(
  given: string,
  host: string | undefined,
): RegistryPath | undefined {
  const [subscription = '', resourceGroup = '', name, ...more] = given.split('/');
  const registry = name ?? host?.split('.')[0] ?? '';
  const isWhole = guid.test(subscription) && resourceGroup !== '' && registry !== '';
  return isWhole && more.length === 0 ? { subscription, resourceGroup, registry } : undefined;
}
