import { accessTokenOf } from './accessTokenOf.ts';
import type { Cloud } from './clouds.ts';
import type { Effects } from './Effects.ts';
import type { Identity } from './issueForRegistry.ts';
import { renewingToken } from './renewingToken.ts';

/**
 * What gives a token for Azure's resource manager that is good now, by the identity that logs in to
 * the registry or the cluster; a build can take eight hours.
 */
export function armToken(
  identity: Identity,
  cloud: Cloud,
  effects: Effects,
  now?: () => number,
): () => Promise<string> {
  return renewingToken(() => accessTokenOf(identity, cloud, [cloud.arm], effects), {
    ...{ of: new URL(cloud.arm).host, log: effects.log },
    ...(now && { now }),
  });
}
