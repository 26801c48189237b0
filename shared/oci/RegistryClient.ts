import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { Failure } from '../failure/Failure.ts';
import type { Http, HttpRequest, HttpResponse } from '../http/request.ts';
import type { Credential } from './credentials.ts';
import { explainDenial } from './explainDenial.ts';
import { type Challenge, parseChallenge } from './parseChallenge.ts';
import { type BlobDescriptor, putBlob } from './putBlob.ts';
import { type PushedManifest, putManifest } from './putManifest.ts';
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

/** What a token is asked for: to write includes to read. */
export type Access = 'pull' | 'pull,push';

/** One request about a repository. */
export interface RegistryRequest {
  readonly method?: NonNullable<HttpRequest['method']>;
  /** Below `/v2/<repository>/`, or what the registry gave as a location. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  /** As {@link HttpRequest.repeatable}. */
  readonly repeatable?: boolean;
  readonly access?: Access;
  /** As {@link HttpRequest.deadlineMs}. */
  readonly deadlineMs?: number | undefined;
}

/** How something is read. */
export type ReadOptions = Pick<RegistryRequest, 'access' | 'deadlineMs'>;

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
  /** How each registry wants to be answered, so that a refusal need not tell it again. */
  readonly #challenges = new Map<string, Challenge>();

  constructor(options: RegistryClientOptions) {
    this.#options = options;
  }

  /**
   * Fetches a manifest and checks that its content has the digest that was asked for.
   *
   * @throws {Failure} when there is none, the registry refuses or does not answer
   */
  async manifest(reference: Reference, options: ReadOptions = {}): Promise<Manifest> {
    const response = await this.#getManifest(reference, options);
    if (response.status === 200) return readManifest(reference, response);
    throw this.#denial(reference, response, options.access);
  }

  /** As {@link manifest}, but `undefined` when the registry has none of that name. */
  async findManifest(
    reference: Reference,
    options: ReadOptions = {},
  ): Promise<Manifest | undefined> {
    const response = await this.#getManifest(reference, options);
    if (response.status === 404) return undefined;
    if (response.status === 200) return readManifest(reference, response);
    throw this.#denial(reference, response, options.access);
  }

  /**
   * What a tag names now, without fetching it: Docker Hub does not count this as a pull.
   *
   * @throws {Failure} as {@link manifest}
   */
  async digest(reference: Reference, options: ReadOptions = {}): Promise<Digest> {
    const response = await this.#getManifest(reference, options, 'HEAD');
    const told = String(response.headers['docker-content-digest'] ?? '');
    if (response.status === 200 && told !== '') return parseDigest(told);
    // The answer to HEAD has no body that tells why; and some registries leave out the digest.
    return (await this.manifest(reference, options)).digest;
  }

  /** Pushes a manifest under the reference's tag, else under its digest. */
  putManifest(reference: Reference, body: Uint8Array, mediaType: string): Promise<PushedManifest> {
    return putManifest(this, reference, body, mediaType);
  }

  /** Pushes a blob in one piece, unless the repository has it. */
  putBlob(reference: Reference, bytes: Uint8Array): Promise<BlobDescriptor> {
    return putBlob(this, reference, bytes);
  }

  /**
   * Sends one request about a repository, with the registry's token. Every status but a login that
   * is missing is an answer.
   *
   * @throws {Failure} when a login is wanted that we do not have, or the registry does not answer
   */
  async send(reference: Reference, request: RegistryRequest): Promise<HttpResponse> {
    const { method = 'GET', path, headers = {}, body, repeatable } = request;
    const { access = 'pull', deadlineMs } = request;
    const { registry, repository } = reference;
    const base = await this.#baseUrl(registry);
    const url = new URL(path, `${base}/v2/${repository}/`);
    // A location may lead to a store elsewhere, which is no business of the token's.
    const own = url.origin === new URL(base).origin;
    const scope = `repository:${repository}:${access}`;
    const key = `${registry} ${scope}`;
    const attempt = () => {
      const authorization = own && this.#authorization(reference, access);
      return this.#options.http({
        method,
        url: url.href,
        headers: { ...headers, ...(authorization && { authorization }) },
        ...(body && { body }),
        ...(repeatable !== undefined && { repeatable }),
        ...(deadlineMs !== undefined && { deadlineMs }),
        signal: this.#options.signal,
      });
    };
    const challenge = this.#challenges.get(registry);
    if (challenge !== undefined && this.#authorization(reference, access) === undefined) {
      const authorization = await this.#authorize(reference, challenge, scope);
      if (authorization !== undefined) this.#authorizations.set(key, authorization);
    }
    const response = await attempt();
    if (response.status !== 401 || !own) return response;
    const told = this.#remember(registry, response);
    const authorization = told && (await this.#authorize(reference, told, scope));
    if (authorization === undefined) throw explainDenial(reference, response, false, access);
    this.#authorizations.set(key, authorization);
    return attempt();
  }

  /** Who may write may read: one token serves both. */
  #authorization({ registry, repository }: Reference, access: Access): string | undefined {
    const wider = `${registry} repository:${repository}:pull,push`;
    const exact = `${registry} repository:${repository}:${access}`;
    return this.#authorizations.get(exact) ?? this.#authorizations.get(wider);
  }

  #denial(reference: Reference, response: HttpResponse, access: Access = 'pull'): Failure {
    const signedIn = this.#authorization(reference, access) !== undefined;
    return explainDenial(reference, response, signedIn, access);
  }

  #remember(registry: string, response: HttpResponse): Challenge | undefined {
    const challenge = parseChallenge(String(response.headers['www-authenticate'] ?? ''));
    if (challenge !== undefined) this.#challenges.set(registry, challenge);
    return challenge;
  }

  #getManifest(
    reference: Reference,
    options: ReadOptions,
    method: 'GET' | 'HEAD' = 'GET',
  ): Promise<HttpResponse> {
    const target = reference.digest ?? reference.tag ?? 'latest';
    return this.send(reference, {
      method,
      path: `manifests/${target}`,
      headers: { accept: manifestTypes.join(', ') },
      ...options,
    });
  }

  /** A registry on this machine is asked whether it speaks TLS; any other one has to. */
  #baseUrl(registry: string): Promise<string> {
    const secure = `https://${apiHost(registry)}`;
    const known = this.#baseUrls.get(registry);
    if (known !== undefined) return known;
    const found = isLoopback(registry)
      ? this.#options
          .http({ url: `${secure}/v2/`, deadlineMs: 10_000, signal: this.#options.signal })
          .then((response) => {
            this.#remember(registry, response);
            return secure;
          })
          .catch((error: unknown) => {
            if (speaksPlainHttp(error)) return `http://${registry}`;
            throw error;
          })
      : Promise.resolve(secure);
    this.#baseUrls.set(registry, found);
    return found;
  }

  /** Answers the registry's challenge; `undefined` when we have nothing to answer with. */
  async #authorize(
    reference: Reference,
    challenge: Challenge,
    scope: string,
  ): Promise<string | undefined> {
    const credential = await this.#options.credentialFor(reference.registry);
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

function readManifest(reference: Reference, { body, headers }: HttpResponse): Manifest {
  const digest = parseDigest(`sha256:${createHash('sha256').update(body).digest('hex')}`);
  if (reference.digest?.startsWith('sha256:') && digest !== reference.digest) {
    throw new Failure({
      what: `${reference.registry} sent another content than ${formatReference(reference)}.`,
      why: `Its digest is ${digest}.`,
      remedy: 'A proxy or cache between this runner and the registry changes answers; go round it.',
    });
  }
  const mediaType = String(headers['content-type'] ?? '').split(';')[0] ?? '';
  return { digest: reference.digest ?? digest, mediaType, bytes: body };
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
