import { ArmError } from './ArmError.ts';
import type { ArmRegistry } from './ArmRegistry.ts';

/** Names are compared whatever their case, as ARM does it. */
export function locate(path: string, registries: readonly ArmRegistry[]) {
  const parts =
    /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/providers\/Microsoft\.ContainerRegistry\/registries\/([^/]+)\/(.*)$/i.exec(
      path,
    );
  if (parts === null) throw ArmError.noRoute();
  const [subscription = '', group = '', name = '', rest = ''] = parts
    .slice(1)
    .map(decodeURIComponent);
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(subscription)) {
    throw ArmError.badSubscription(subscription);
  }
  const inside = registries.filter((registry) => same(registry.subscription, subscription));
  if (inside.length === 0) throw ArmError.unknownSubscription(subscription);
  const grouped = inside.filter((registry) => same(registry.resourceGroup, group));
  if (grouped.length === 0) throw ArmError.unknownGroup(group);
  const registry = grouped.find((one) => same(one.name, name));
  if (registry === undefined) throw ArmError.unknownRegistry(name, group);
  return { registry, rest: rest.split('/') };
}

/** Whatever the case. */
export function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
