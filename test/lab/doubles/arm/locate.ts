import { ArmError } from './ArmError.ts';
import type { ArmRegistry } from './ArmRegistry.ts';

/** Where a resource lies in ARM. */
interface Placed {
  readonly subscription: string;
  readonly resourceGroup: string;
  readonly name: string;
}

export function locate(path: string, registries: readonly ArmRegistry[]) {
  const provider = 'Microsoft.ContainerRegistry/registries';
  const found = locateResource(path, provider, registries, ArmError.unknownRegistry);
  if (found === undefined) throw ArmError.noRoute();
  return { registry: found.resource, rest: found.rest.split('/') };
}

/**
 * The resource of a path, and what follows it there. Names are compared whatever their case, as ARM does
 * it.
 *
 * @returns `undefined` for a path of another provider's
 * @throws {ArmError} for the first part of the path that is not known
 */
export function locateResource<Resource extends Placed>(
  path: string,
  provider: string,
  resources: readonly Resource[],
  unknown: (name: string, group: string) => ArmError,
): { readonly resource: Resource; readonly rest: string } | undefined {
  const parts = new RegExp(
    `^/subscriptions/([^/]+)/resourceGroups/([^/]+)/providers/${provider.replace('.', '\\.')}/([^/]+)/(.*)$`,
    'i',
  ).exec(path);
  if (parts === null) return undefined;
  const [subscription = '', group = '', name = '', rest = ''] = parts
    .slice(1)
    .map(decodeURIComponent);
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(subscription)) {
    throw ArmError.badSubscription(subscription);
  }
  const inside = resources.filter((one) => same(one.subscription, subscription));
  if (inside.length === 0) throw ArmError.unknownSubscription(subscription);
  const grouped = inside.filter((one) => same(one.resourceGroup, group));
  if (grouped.length === 0) throw ArmError.unknownGroup(group);
  const resource = grouped.find((one) => same(one.name, name));
  if (resource === undefined) throw unknown(name, group);
  return { resource, rest };
}

/** Whatever the case. */
export function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
