import { Buffer } from 'node:buffer';
import type { Http, HttpResponse } from '../http/request.ts';
import { plainText } from '../log/sanitize.ts';
import type { Credential } from './credentials.ts';
import { parseChallenge } from './parseChallenge.ts';
import { isLoopback } from './registryAddress.ts';

/** What a registry says of a login before anything is pushed. */
export type LoginProof =
  /** It takes the login; whether a push is allowed, it said or did not say. */
  | { readonly verdict: 'accepted'; readonly mayPush: boolean | undefined }
  | { readonly verdict: 'refused'; readonly status: number; readonly said: string }
  /** It has no login that we know, or did not answer usefully. */
  | { readonly verdict: 'unknown' };

export interface ProveLoginEffects {
  readonly http: Http;
  readonly mask: (secret: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/** What nobody logs in to may not be reached from here at all, and only by the builder. */
const anonymousMs = 10_000;

/**
 * Asks a registry for the right to push to a repository, without pushing: a token for it (whose
 * `access` lists what was granted where it is a JWT of the distribution project's form), or, where
 * it wants the password itself, its base address.
 *
 * @param credential `undefined` to ask as everybody may
 */
export async function proveLogin(
  registry: string,
  repository: string,
  credential: Credential | undefined,
  effects: ProveLoginEffects,
): Promise<LoginProof> {
  const host = registry === 'docker.io' ? 'registry-1.docker.io' : registry;
  const { http, signal } = effects;
  const url = `https://${host}/v2/`;
  const deadline = credential === undefined && { deadlineMs: anonymousMs };
  const asked = await http({ url, signal, ...deadline }).catch((error: unknown) => {
    // A registry of this machine may speak plain HTTP; nothing is sent to it for a proof.
    if (isLoopback(registry)) return undefined;
    // So may one that wants no login; whoever pushes to it knows, and says why it fails.
    if (credential === undefined) return undefined;
    throw error;
  });
  const challenge =
    asked?.status === 401
      ? parseChallenge(String(asked.headers['www-authenticate'] ?? ''))
      : undefined;
  if (asked === undefined || challenge === undefined) return { verdict: 'unknown' };
  if (challenge.scheme === 'basic') {
    if (credential === undefined) return judge(asked);
    if (!('username' in credential)) return { verdict: 'unknown' };
    const headers = { authorization: basic(credential) };
    const response = await http({ url, headers, signal });
    return response.status === 200 ? { verdict: 'accepted', mayPush: undefined } : judge(response);
  }
  const { realm, service } = challenge;
  const scope = `repository:${repository}:pull,push`;
  const response = await askToken(realm, service, scope, credential, effects);
  if (response.status !== 200) return judge(response);
  const { token = '', access_token: accessToken = token } = JSON.parse(
    response.body.toString(),
  ) as { token?: string; access_token?: string };
  effects.mask(accessToken);
  return { verdict: 'accepted', mayPush: mayPush(accessToken, repository) };
}

function askToken(
  realm: string,
  service: string | undefined,
  scope: string,
  credential: Credential | undefined,
  { http, signal }: ProveLoginEffects,
): Promise<HttpResponse> {
  const fields = { ...(service !== undefined && { service }), scope };
  if (credential === undefined || 'username' in credential) {
    const url = new URL(realm);
    for (const [name, value] of Object.entries(fields)) url.searchParams.set(name, value);
    const headers = credential && { authorization: basic(credential) };
    return http({ url: url.href, ...(headers && { headers }), signal });
  }
  return http({
    method: 'POST',
    url: realm,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      ...fields,
      grant_type: 'refresh_token',
      client_id: 'platform-actions',
      refresh_token: credential.identityToken,
    }).toString(),
    repeatable: true,
    signal,
  });
}

/** Only a denial is one; anything else is left to the push, which is tried again where it makes sense. */
function judge({ status, body }: HttpResponse): LoginProof {
  if (status !== 401 && status !== 403) return { verdict: 'unknown' };
  return { verdict: 'refused', status, said: plainText(body.toString()).slice(0, 2000) };
}

function basic({ username, password }: { username: string; password: string }): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

/** What the token grants, where it says so (distribution, "Token Authentication Specification"). */
function mayPush(token: string, repository: string): boolean | undefined {
  try {
    const { access } = JSON.parse(
      Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'),
    ) as { access?: { name?: string; actions?: string[] }[] };
    if (!Array.isArray(access)) return undefined;
    return access.some(
      ({ name, actions = [] }) =>
        name === repository && actions.some((action) => action === 'push' || action === '*'),
    );
  } catch {
    return undefined;
  }
}
