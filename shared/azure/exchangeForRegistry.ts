import { Failure } from '../failure/Failure.ts';
import type { HttpResponse } from '../http/request.ts';
import { oneLine } from '../log/oneLine.ts';
import { plainText } from '../log/sanitize.ts';
import type { Issued } from '../oci/Issued.ts';
import { parseChallenge } from '../oci/parseChallenge.ts';
import type { Effects } from './Effects.ts';
import { explainMissingRole } from './explainMissingRole.ts';
import { readClaims } from './readClaims.ts';

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
  const token = response.status === 200 ? readToken(response) : undefined;
  if (token !== undefined) {
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

function explainFirewall(registry: string, response: HttpResponse): Failure {
  const { message } = firstError(response);
  return new Failure({
    what: `The firewall of ${registry} does not let this runner in.`,
    why: message === undefined ? undefined : `It says: ${oneLine(message, 300)}`,
    remedy:
      'Allow the address of this runner in the networking of the registry, or use a runner inside of its network.',
    details: said(response),
  });
}

function noAcr(registry: string, response: HttpResponse): Failure {
  return new Failure({
    what: `${registry} does not log in as an Azure Container Registry does (status ${response.status}).`,
    remedy:
      'Check the host in `image`; for another registry give `username` and `password` in place of the `azure-*` inputs.',
    details: said(response),
  });
}

function said(response: HttpResponse): string {
  return plainText(response.body.toString()).slice(0, 2000);
}

function firstError(response: HttpResponse): { message?: string } {
  try {
    const { errors } = JSON.parse(response.body.toString()) as { errors?: { message?: string }[] };
    return errors?.[0] ?? {};
  } catch {
    return {};
  }
}

function readToken(response: HttpResponse): string | undefined {
  try {
    const { refresh_token: token } = JSON.parse(response.body.toString()) as {
      refresh_token?: unknown;
    };
    return typeof token === 'string' ? token : undefined;
  } catch {
    return undefined;
  }
}
