import { createRemoteJWKSet, jwtVerify } from 'jose';
import type { Principal } from './AcrTokens.ts';

/** Says who an Entra access token is of; rejects when the token is not to be taken. */
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
  /** Seconds since 1970. */
  readonly now?: () => number;
}

/** Checks signature, issuer, tenant, audience and time against the keys that Entra shows. */
export function verifyEntraToken({
  entra,
  tenant,
  armTokens = true,
  now = () => Date.now() / 1000,
}: EntraTrust): VerifyEntraToken {
  const keys = createRemoteJWKSet(new URL(`${entra}/${tenant}/discovery/v2.0/keys`));
  return async (token) => {
    const { payload } = await jwtVerify(token, keys, {
      issuer: `${entra}/${tenant}/`,
      audience: [registryAudience, ...(armTokens ? managementAudiences : [])],
      algorithms: ['RS256'],
      currentDate: new Date(now() * 1000),
      requiredClaims: ['exp', 'oid', 'appid', 'tid'],
    });
    if (payload.tid !== tenant) throw new Error(`The token is of tenant ${String(payload.tid)}.`);
    return { oid: String(payload.oid), appid: String(payload.appid) };
  };
}
