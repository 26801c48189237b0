import { oneLine } from '../log/oneLine.ts';
import type { Issued } from '../oci/Issued.ts';
import { accessTokenOf } from './accessTokenOf.ts';
import type { Cloud } from './clouds.ts';
import type { Effects } from './Effects.ts';
import { exchangeForRegistry } from './exchangeForRegistry.ts';
import type { ManagedIdentity } from './requestManagedIdentityToken.ts';

/** Who logs in. */
export type Identity =
  | {
      readonly kind: 'federated';
      readonly tenant: string;
      readonly clientId: string;
      /** A new token of the job's issuer for an audience. */
      readonly idToken: (audience: string) => Promise<string>;
    }
  | {
      readonly kind: 'secret';
      readonly tenant: string;
      readonly clientId: string;
      readonly secret: string;
    }
  | (ManagedIdentity & {
      readonly kind: 'managed';
      /** Goes round proxies: the metadata service is the machine's own. */
      readonly http: Effects['http'];
    });

/** A credential for a registry of Azure's: the whole way from the identity to its refresh token. */
export async function issueForRegistry(
  registry: string,
  identity: Identity,
  cloud: Cloud,
  effects: Effects,
): Promise<Issued> {
  const accessToken = await accessTokenOf(identity, cloud, cloud.registryResources, effects);
  return exchangeForRegistry(registry, nameOf(identity), accessToken, effects);
}

/** How messages name an identity. */
export function nameOf(identity: Identity): string {
  if (identity.kind !== 'managed') return `the application ${oneLine(identity.clientId)}`;
  return identity.clientId === undefined
    ? "this machine's managed identity"
    : `the managed identity ${oneLine(identity.clientId)}`;
}
