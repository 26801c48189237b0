import { Buffer } from 'node:buffer';
import { Failure } from '../failure/Failure.ts';
import type { Http, HttpResponse } from '../http/request.ts';
import { oneLine } from '../log/oneLine.ts';
import type { Credential } from './credentials.ts';
import { isPassingAnswer, passingAnswer } from './Passing.ts';
import type { Challenge } from './parseChallenge.ts';

export interface LoginQuestion {
  readonly registry: string;
  readonly challenge: Challenge;
  readonly scopes: readonly string[];
}

export interface LoginMeans {
  readonly http: Http;
  readonly credential: Credential | undefined;
  /** Told of each token, so that no log shows it. */
  readonly mask: ((secret: string) => void) | undefined;
  readonly signal: AbortSignal | undefined;
}

/**
 * Answers a registry's challenge, by a token where it wants one (docs/spec/auth/token of the
 * distribution project; a refresh token in place of a password, as ACR gives it).
 *
 * @returns the value of `Authorization`; `undefined` when we have nothing to answer with
 * @throws {Failure} when what answers is no registry
 */
export async function answerChallenge(
  { registry, challenge, scopes }: LoginQuestion,
  { http, credential, mask, signal }: LoginMeans,
): Promise<string | undefined> {
  if (challenge.scheme === 'basic') {
    return credential && 'username' in credential ? basic(credential) : undefined;
  }
  const realm = addressOf(challenge.realm, registry);
  const ask = { realm, service: challenge.service, scopes, http, signal };
  const token =
    credential && 'identityToken' in credential
      ? await refresh(ask, credential.identityToken)
      : await fetchToken(ask, credential);
  if (token === undefined) return undefined;
  mask?.(token);
  return `Bearer ${token}`;
}

interface Ask extends Pick<LoginMeans, 'http' | 'signal'> {
  readonly realm: string;
  readonly service: string | undefined;
  readonly scopes: readonly string[];
}

async function fetchToken(
  { realm, service, scopes, http, signal }: Ask,
  credential: { username: string; password: string } | undefined,
): Promise<string | undefined> {
  const url = new URL(realm);
  if (service !== undefined) url.searchParams.set('service', service);
  for (const scope of scopes) url.searchParams.append('scope', scope);
  const headers = credential ? { authorization: basic(credential) } : {};
  return readToken(await http({ url: url.href, headers, signal }));
}

async function refresh(
  { realm, service, scopes, http, signal }: Ask,
  refreshToken: string,
): Promise<string | undefined> {
  const form = new URLSearchParams({
    grant_type: 'refresh_token',
    service: service ?? '',
    scope: scopes.join(' '),
    client_id: 'platform-actions',
    refresh_token: refreshToken,
  });
  return readToken(
    await http({
      method: 'POST',
      url: realm,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: form.toString(),
      // Asking twice for a token changes nothing.
      repeatable: true,
      signal,
    }),
  );
}

function basic({ username, password }: { username: string; password: string }): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

/** @throws {Failure} when it is none that can be asked */
function addressOf(realm: string, registry: string): string {
  const url = URL.parse(realm);
  if (url?.protocol === 'https:' || url?.protocol === 'http:') return url.href;
  throw new Failure({
    what: `${registry} names no address for its login.`,
    why: `It says realm=${JSON.stringify(oneLine(realm))}.`,
    remedy: 'Check that this is a registry, and that no proxy changes its answers.',
  });
}

/**
 * @throws {Passing} when the answer says nothing of the credential
 * @throws {Failure} when it is no answer of a registry, such as the page of a proxy
 */
function readToken(response: HttpResponse): string | undefined {
  if (isPassingAnswer(response)) {
    throw passingAnswer('The login at the registry', response);
  }
  if (response.status !== 200) return undefined;
  try {
    const { access_token, token } = (JSON.parse(response.body.toString()) ?? {}) as {
      access_token?: unknown;
      token?: unknown;
    };
    const given = access_token ?? token;
    return typeof given === 'string' ? given : undefined;
  } catch (error) {
    const type = oneLine(String(response.headers['content-type'] ?? 'nothing'));
    throw new Failure({
      what: 'The login at the registry was answered by something else than a registry.',
      why: `What came is no JSON but ${type}.`,
      remedy: 'A proxy or a login page between this runner and the registry answers; go round it.',
      cause: error,
    });
  }
}
