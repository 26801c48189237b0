import type { Cloud } from './clouds.ts';
import type { Effects } from './Effects.ts';
import type { Identity } from './issueForRegistry.ts';
import { requestEntraToken } from './requestEntraToken.ts';
import { requestManagedIdentityToken } from './requestManagedIdentityToken.ts';

/**
 * An access token of an identity, for the first of these resources that its tenant knows.
 *
 * @throws {Failure} when Entra or the metadata service refuses
 */
export function accessTokenOf(
  identity: Identity,
  { authority, assertionAudience }: Cloud,
  resources: readonly string[],
  effects: Effects,
): Promise<string> {
  if (identity.kind === 'managed') {
    const { http } = identity;
    return requestManagedIdentityToken(identity, resources, { ...effects, http });
  }
  const { tenant, clientId } = identity;
  const proof = async () =>
    identity.kind === 'secret'
      ? { secret: identity.secret }
      : { assertion: await identity.idToken(assertionAudience) };
  return requestEntraToken({ authority, tenant, clientId, proof }, resources, effects);
}
