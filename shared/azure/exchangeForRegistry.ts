import type { Issued } from '../oci/Issued.ts';
import { parseChallenge } from '../oci/parseChallenge.ts';
import type { Effects } from './Effects.ts';
import { explainMissingRole } from './explainMissingRole.ts';
import { explainFirewall, noAcr, said } from './explainRegistryRefusal.ts';
import { readClaims } from './readClaims.ts';
import { readFields } from './readFields.ts';

/** Whom ACR takes a refresh token from as a password; every client of registries understands that. */
const tokenUser = '00000000-0000-0000-0000-000000000000';

/**
 * Exchanges an access token of Entra's for a refresh token of the registry (github.com/Azure/acr,
 * docs/AAD-OAuth.md), which is good for about three hours.
 *
 * @param who the identity as messages name it
 * @throws {Failure} when the firewall keeps us out, it is no ACR, or the identity has no role there
 */
export async function exchangeForRegistry(
  registry: string,
  who: string,
  accessToken: string,
  effects: Effects,
): Promise<Issued> {
  const { http, mask, signal } = effects;
  const service = await serviceOf(registry, effects);
  const { tid } = readClaims(accessToken);
  const form = new URLSearchParams({
    grant_type: 'access_token',
    service,
    ...(tid !== undefined && { tenant: tid }),
    access_token: accessToken,
  });
  const response = await http({
    method: 'POST',
    url: `https://${registry}/oauth2/exchange`,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: form.toString(),
    // Asking twice for a token changes nothing.
    repeatable: true,
    signal,
  });
  const token = readFields(response.body.toString()).refresh_token;
  if (response.status === 200 && typeof token === 'string') {
    mask(token);
    const { exp } = readClaims(token);
    return {
      credential: { username: tokenUser, password: token },
      // One that does not say its end is renewed at each use.
      expiresAt: (exp ?? 0) * 1000,
    };
  }
  if (response.status === 401) throw explainMissingRole(registry, who, undefined, said(response));
  throw response.status === 403 ? explainFirewall(registry, response) : noAcr(registry, response);
}

/** Asks who the registry is, and on the way whether we may speak to it at all. */
async function serviceOf(registry: string, { http, signal }: Effects): Promise<string> {
  const response = await http({ url: `https://${registry}/v2/`, signal });
  if (response.status === 403) throw explainFirewall(registry, response);
  const challenge = parseChallenge(String(response.headers['www-authenticate'] ?? ''));
  if (challenge?.scheme === 'bearer' && challenge.service !== undefined) return challenge.service;
  throw noAcr(registry, response);
}
