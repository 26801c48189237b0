import { createRemoteJWKSet, type JWTVerifyGetKey, jwtVerify } from 'jose';
import type { Principal } from './AcrTokens.ts';

/** Says who an Entra access token is of; rejects with a JOSEError when it is not to be taken. */
export type VerifyEntraToken = (token: string) => Promise<Principal>;

const registryAudience = 'https://containerregistry.azure.net';
const managementAudiences = [
  'https://management.azure.com',
  'https://management.core.windows.net/',
];

export interface EntraTrust {
  /** Where Entra is, without a path. */
  readonly entra: string;
  readonly tenant: string;
  /** A policy of the registry (`azureADAuthenticationAsArmPolicy`) can refuse tokens for ARM. */
  readonly armTokens?: boolean;
  /** Fetched from Entra by default, when they are needed. */
  readonly keys?: JWTVerifyGetKey;
  /** Seconds since 1970. */
  readonly now?: () => number;
}

/** Checks signature, issuer, tenant, audience and time against the keys that Entra shows. */
export function verifyEntraToken({
  entra,
  tenant,
  armTokens = true,
  keys = createRemoteJWKSet(new URL(`${entra}/${tenant}/discovery/v2.0/keys`), {
    // The lab's Entra has other keys each time it begins anew.
    cooldownDuration: 0,
  }),
  now = () => Date.now() / 1000,
}: EntraTrust): VerifyEntraToken {
  return async (token) => {
    const { payload } = await jwtVerify(token, keys, {
      issuer: `${entra}/${tenant}/`,
      audience: [registryAudience, ...(armTokens ? managementAudiences : [])],
      algorithms: ['RS256'],
      currentDate: new Date(now() * 1000),
      requiredClaims: ['exp', 'oid', 'appid'],
    });
    return { oid: String(payload.oid), appid: String(payload.appid) };
  };
}
