import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { Failure } from '../failure/Failure.ts';
import type { Http, HttpResponse } from '../http/request.ts';
import type { Credential } from './credentials.ts';
import { explainDenial } from './explainDenial.ts';
import { parseChallenge } from './parseChallenge.ts';
import { type Digest, formatReference, parseDigest, type Reference } from './Reference.ts';

/** What a manifest may be: one image, or an index of several platforms, of OCI or Docker. */
export const manifestTypes = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
] as const;

export interface Manifest {
  readonly digest: Digest;
  readonly mediaType: string;
  readonly bytes: Buffer;
}

/** What the tokens of one registry are asked for with. */
export interface RegistryClientOptions {
  readonly http: Http;
  readonly credentialFor: (registry: string) => Promise<Credential | undefined>;
  /** Told of each token, so that no log shows it. */
  readonly mask?: (secret: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Speaks the OCI distribution specification, with the token authentication of the distribution
 * project (docs/spec/auth/token) and of ACR (a refresh token in place of a password).
 */
export class RegistryClient {
  readonly #options: RegistryClientOptions;
  /** By registry and scope. */
  readonly #authorizations = new Map<string, string>();
  readonly #baseUrls = new Map<string, Promise<string>>();

  constructor(options: RegistryClientOptions) {
    this.#options = options;
  }

  /**
   * Fetches a manifest and checks that its content has the digest that was asked for.
   *
   * @throws {Failure} when there is none, the registry refuses or does not answer
   */
  async manifest(reference: Reference): Promise<Manifest> {
    const target = reference.digest ?? reference.tag ?? 'latest';
    const response = await this.#get(reference, `manifests/${target}`, {
      accept: manifestTypes.join(', '),
    });
    const { body } = response;
    const digest = parseDigest(`sha256:${createHash('sha256').update(body).digest('hex')}`);
    if (reference.digest?.startsWith('sha256:') && digest !== reference.digest) {
      throw new Failure({
        what: `${reference.registry} sent another content than ${formatReference(reference)}.`,
        why: `Its digest is ${digest}.`,
        remedy:
          'A proxy or cache between this runner and the registry changes answers; go round it.',
      });
    }
    const mediaType = String(response.headers['content-type'] ?? '').split(';')[0] ?? '';
    return { digest: reference.digest ?? digest, mediaType, bytes: body };
  }

  /** A registry on this machine is asked whether it speaks TLS; any other one has to. */
  #baseUrl(registry: string): Promise<string> {
    const secure = `https://${apiHost(registry)}`;
    const known = this.#baseUrls.get(registry);
    if (known !== undefined) return known;
    const found = isLoopback(registry)
      ? this.#options
          .http({ url: `${secure}/v2/`, signal: this.#options.signal })
          .then(() => secure)
          .catch((error: unknown) => {
            if (speaksPlainHttp(error)) return `http://${registry}`;
            throw error;
          })
      : Promise.resolve(secure);
    this.#baseUrls.set(registry, found);
    return found;
  }

  async #get(
    reference: Reference,
    path: string,
    headers: Record<string, string>,
  ): Promise<HttpResponse> {
    const url = `${await this.#baseUrl(reference.registry)}/v2/${reference.repository}/${path}`;
    const scope = `repository:${reference.repository}:pull`;
    const key = `${reference.registry} ${scope}`;
    const send = () => {
      const authorization = this.#authorizations.get(key);
      return this.#options.http({
        url,
        headers: { ...headers, ...(authorization && { authorization }) },
        signal: this.#options.signal,
      });
    };
    let response = await send();
    if (response.status === 401) {
      const authorization = await this.#authorize(reference, response, scope);
      if (authorization === undefined) throw explainDenial(reference, response, false);
      this.#authorizations.set(key, authorization);
      response = await send();
    }
    if (response.status === 200) return response;
    throw explainDenial(reference, response, this.#authorizations.has(key));
  }

  /** Answers the registry's challenge; `undefined` when we have nothing to answer with. */
  async #authorize(
    reference: Reference,
    response: HttpResponse,
    scope: string,
  ): Promise<string | undefined> {
    const challenge = parseChallenge(String(response.headers['www-authenticate'] ?? ''));
    const credential = await this.#options.credentialFor(reference.registry);
    if (challenge === undefined) return undefined;
    if (challenge.scheme === 'basic') {
      return credential && 'username' in credential ? basic(credential) : undefined;
    }
    const { realm, service } = challenge;
    const token =
      credential && 'identityToken' in credential
        ? await this.#exchange(realm, service, scope, credential.identityToken)
        : await this.#token(realm, service, scope, credential);
    if (token === undefined) return undefined;
    this.#options.mask?.(token);
    return `Bearer ${token}`;
  }

  async #token(
    realm: string,
    service: string | undefined,
    scope: string,
    credential: { username: string; password: string } | undefined,
  ): Promise<string | undefined> {
    const url = new URL(realm);
    if (service !== undefined) url.searchParams.set('service', service);
    url.searchParams.set('scope', scope);
    return readToken(
      await this.#options.http({
        url: url.href,
        headers: credential ? { authorization: basic(credential) } : {},
        signal: this.#options.signal,
      }),
    );
  }

  async #exchange(
    realm: string,
    service: string | undefined,
    scope: string,
    refreshToken: string,
  ): Promise<string | undefined> {
    const form = new URLSearchParams({
      grant_type: 'refresh_token',
      service: service ?? '',
      scope,
      client_id: 'platform-actions',
      refresh_token: refreshToken,
    });
    return readToken(
      await this.#options.http({
        method: 'POST',
        url: realm,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: form.toString(),
        // Asking twice for a token changes nothing.
        repeatable: true,
        signal: this.#options.signal,
      }),
    );
  }
}

/** Whether a registry may be reached without TLS: only one on this machine, as Docker has it. */
export function isLoopback(registry: string): boolean {
  return /^(localhost|127(\.\d+){3}|\[::1\])(:\d+)?$/.test(registry);
}

/** OpenSSL's word for an answer that is not TLS. */
function speaksPlainHttp(error: unknown): boolean {
  const cause =
    error instanceof Error ? (error.cause as NodeJS.ErrnoException | undefined) : undefined;
  return cause?.code === 'EPROTO' || cause?.code === 'ERR_SSL_WRONG_VERSION_NUMBER';
}

function apiHost(registry: string): string {
  return registry === 'docker.io' ? 'registry-1.docker.io' : registry;
}

function basic({ username, password }: { username: string; password: string }): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

function readToken(response: HttpResponse): string | undefined {
  if (response.status !== 200) return undefined;
  const answer = JSON.parse(response.body.toString()) as { token?: string; access_token?: string };
  return answer.access_token ?? answer.token;
}
