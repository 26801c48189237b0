import { accessTokenOf } from './accessTokenOf.ts';
import type { Cloud } from './clouds.ts';
import type { Effects } from './Effects.ts';
import type { Identity } from './issueForRegistry.ts';

/** Entra's tokens live an hour at least; a build can take eight. */
const renewAfterMs = 20 * 60_000;

/**
 * What gives a token for Azure's resource manager that is good now, by the identity that logs in to
 * the registry. It is asked for when it is first needed, and again before it ends.
 */
export function armToken(
  identity: Identity,
  cloud: Cloud,
  effects: Effects,
  now: () => number = () => performance.now(),
): () => Promise<string> {
  let asked: { readonly token: Promise<string>; readonly at: number } | undefined;
  return () => {
    if (asked === undefined || now() - asked.at > renewAfterMs) {
      const token = accessTokenOf(identity, cloud, [cloud.arm], effects);
      const asking = { token, at: now() };
      asked = asking;
      // A refusal is not kept: whoever asks again may have better luck.
      token.catch(() => {
        if (asked === asking) asked = undefined;
      });
    }
    return asked.token;
  };
}
