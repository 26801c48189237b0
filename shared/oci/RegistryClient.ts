import { Buffer } from 'node:buffer';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { Failure } from '../failure/Failure.ts';
import type { Http, HttpRequest, HttpResponse } from '../http/request.ts';
import type { HttpStream, StreamRequest, StreamResponse } from '../http/stream.ts';
import { silent } from '../log/Log.ts';
import { oneLine } from '../log/oneLine.ts';
import type { Credential } from './credentials.ts';
import { explainDenial } from './explainDenial.ts';
import { asPassing, isPassingAnswer, passingAnswer } from './Passing.ts';
import { type Challenge, parseChallenge } from './parseChallenge.ts';
import { type BlobDescriptor, putBlob } from './putBlob.ts';
import { digestOf, type PushedManifest, putManifest } from './putManifest.ts';
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
  /** Moves blobs of any size; by default by way of `http`, which holds them in memory. */
  readonly stream?: HttpStream | undefined;
  readonly credentialFor: (registry: string) => Promise<Credential | undefined>;
  /** Told of each token, so that no log shows it. */
  readonly mask?: (secret: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/** What a token is asked for: to write or to delete includes to read. */
export type Access = 'pull' | 'pull,push' | 'pull,delete';

interface Asked {
  /** Below `/v2/<repository>/`, or an address that the registry gave (where an upload goes on). */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly access?: Access | undefined;
  /** Another repository of the registry that is read for it, as by a mount. */
  readonly alsoRead?: string | undefined;
}

/** One request about a repository. */
export interface RegistryRequest extends Asked {
  readonly method?: HttpRequest['method'];
  readonly body?: string | Uint8Array;
  /** As {@link HttpRequest.repeatable}. */
  readonly repeatable?: boolean;
  /** As {@link HttpRequest.deadlineMs}. */
  readonly deadlineMs?: number | undefined;
}

/** How something is read. */
export type ReadOptions = Pick<RegistryRequest, 'access' | 'deadlineMs' | 'repeatable'>;

export interface RegistryTransfer extends Asked {
  readonly method: StreamRequest['method'];
  /** Called once more when the registry wants a new login first. */
  readonly body?: () => Promise<Readable>;
}

/**
 * Speaks the OCI distribution specification, with the token authentication of the distribution
 * project (docs/spec/auth/token) and of ACR (a refresh token in place of a password).
 */
export class RegistryClient {
  readonly #options: RegistryClientOptions;
  readonly #stream: HttpStream;
  /** By registry and scopes. */
  readonly #authorizations = new Map<string, string>();
  readonly #logins = new Map<string, Promise<string | undefined>>();
  readonly #baseUrls = new Map<string, Promise<string>>();
  /** How each registry wants to be answered, so that a refusal need not tell it again. */
  readonly #challenges = new Map<string, Challenge>();

  constructor(options: RegistryClientOptions) {
    this.#options = options;
    this.#stream = options.stream ?? inMemory(options.http);
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
    // The answer to HEAD has no body that tells why.
    return (
      (await this.findDigest(reference, options)) ??
      (await this.manifest(reference, options)).digest
    );
  }

  /** As {@link digest}, but `undefined` when the registry has nothing of that name. */
  async findDigest(reference: Reference, options: ReadOptions = {}): Promise<Digest | undefined> {
    const response = await this.#getManifest(reference, options, 'HEAD');
    if (response.status === 404) return undefined;
    if (response.status !== 200) throw this.#denial(reference, response, options.access);
    const told = String(response.headers['docker-content-digest'] ?? '');
    // Some registries leave it out.
    return told === ''
      ? (await this.manifest(reference, options)).digest
      : toldDigest(reference, told);
  }

  /** Pushes a manifest under the reference's tag, else under its digest. */
  putManifest(
    reference: Reference,
    body: string | Uint8Array,
    mediaType: string,
  ): Promise<PushedManifest> {
    return putManifest(this, reference, body, mediaType);
  }

  /** Pushes a small blob, unless the repository has it. */
  putBlob(reference: Reference, bytes: Uint8Array): Promise<BlobDescriptor> {
    const { signal } = this.#options;
    return putBlob(this, reference, bytes, { until: Date.now() + 60_000, log: silent, signal });
  }

  /**
   * Sends one request about a repository, logged in as far as the registry wants it. Every status is
   * an answer.
   *
   * @throws {Failure} when the registry does not answer
   */
  send(reference: Reference, request: RegistryRequest): Promise<HttpResponse> {
    const { method, body, repeatable, deadlineMs } = request;
    return this.#exchange(reference, request, (url, headers) =>
      this.#options.http({
        url,
        headers,
        ...(method && { method }),
        ...(body !== undefined && { body }),
        ...(repeatable !== undefined && { repeatable }),
        ...(deadlineMs !== undefined && { deadlineMs }),
        signal: this.#options.signal,
      }),
    );
  }

  /** As {@link send}, for content that is never held in memory, sent or received. */
  transfer(reference: Reference, request: RegistryTransfer): Promise<StreamResponse> {
    return this.#exchange(
      reference,
      request,
      async (url, headers) =>
        this.#stream({
          ...{ url, headers, method: request.method },
          body: await request.body?.(),
          signal: this.#options.signal,
        }),
      ({ body }) => body.destroy(),
    );
  }

  /** Whether a login was sent that the registry did not refuse at once. */
  isSignedIn({ registry, repository }: Reference): boolean {
    const prefix = `${registry} repository:${repository}:`;
    return [...this.#authorizations.keys()].some((key) => key.startsWith(prefix));
  }

  #getManifest(
    reference: Reference,
    options: ReadOptions,
    method: 'GET' | 'HEAD' = 'GET',
  ): Promise<HttpResponse> {
    const target = reference.digest ?? reference.tag ?? 'latest';
    const headers = { accept: manifestTypes.join(', ') };
    return this.send(reference, { ...options, method, path: `manifests/${target}`, headers });
  }

  #denial(reference: Reference, response: HttpResponse, access: Access = 'pull'): Failure {
    const denial = explainDenial(reference, response, this.isSignedIn(reference), access);
    return isPassingAnswer(response) ? asPassing(denial, response) : denial;
  }

  #remember(registry: string, { headers }: Pick<HttpResponse, 'headers'>): Challenge | undefined {
    const challenge = parseChallenge(String(headers['www-authenticate'] ?? ''));
    if (challenge !== undefined) this.#challenges.set(registry, challenge);
    return challenge;
  }

  /** A registry on this machine is asked whether it speaks TLS; any other one has to. */
  #baseUrl(registry: string): Promise<string> {
    const secure = `https://${apiHost(registry)}`;
    const known = this.#baseUrls.get(registry);
    if (known !== undefined) return known;
    const found = isLoopback(registry)
      ? this.#options
          .http({ url: `${secure}/v2/`, signal: this.#options.signal })
          .then((response) => {
            this.#remember(registry, response);
            return secure;
          })
          .catch((error: unknown) => {
            if (speaksPlainHttp(error)) return `http://${registry}`;
            // Asked again the next time: it may only have been away.
            this.#baseUrls.delete(registry);
            throw error;
          })
      : Promise.resolve(secure);
    this.#baseUrls.set(registry, found);
    return found;
  }

  /** Sends; where the registry wants a login, or a new one, logs in and sends once more. */
  async #exchange<R extends Pick<HttpResponse, 'status' | 'headers'>>(
    reference: Reference,
    { path, headers = {}, access = 'pull', alsoRead }: Asked,
    send: (url: string, headers: Record<string, string>) => Promise<R>,
    discard: (response: R) => void = () => {},
  ): Promise<R> {
    const { registry, repository } = reference;
    const base = await this.#baseUrl(registry);
    const url = isAddress(path) ? sameScheme(path, base) : `${base}/v2/${repository}/${path}`;
    const sendWith = (authorization: string | undefined) =>
      send(url, { ...headers, ...(authorization && { authorization }) });
    // Where a registry sends us elsewhere with an upload, the address itself is the permission.
    if (new URL(url).origin !== base) return sendWith(undefined);

    const scopes = [
      `repository:${repository}:${access}`,
      ...(alsoRead === undefined ? [] : [`repository:${alsoRead}:pull`]),
    ];
    const key = `${registry} ${scopes.join(' ')}`;
    const known = this.#challenges.get(registry);
    const sent =
      this.#authorization(key, reference, access) ??
      (known &&
        (await this.#login(key, undefined, () => this.#authorize(reference, known, scopes))));
    const response = await sendWith(sent);
    if (response.status !== 401) return response;
    const told = this.#remember(registry, response);
    const authorization =
      told && (await this.#login(key, sent, () => this.#authorize(reference, told, scopes)));
    if (authorization === undefined) return response;
    discard(response);
    return sendWith(authorization);
  }

  /** Who may write may read: one token serves both. */
  #authorization(key: string, reference: Reference, access: Access): string | undefined {
    const wider = `${reference.registry} repository:${reference.repository}:pull,push`;
    return (
      this.#authorizations.get(key) ??
      (access === 'pull' ? this.#authorizations.get(wider) : undefined)
    );
  }

  /** One login at a time for a scope; whoever comes later with the same old one gets the new one. */
  #login(
    key: string,
    old: string | undefined,
    authorize: () => Promise<string | undefined>,
  ): Promise<string | undefined> {
    const newer = this.#authorizations.get(key);
    if (newer !== undefined && newer !== old) return Promise.resolve(newer);
    const login =
      this.#logins.get(key) ??
      authorize()
        .then((authorization) => {
          if (authorization === undefined) this.#authorizations.delete(key);
          else this.#authorizations.set(key, authorization);
          return authorization;
        })
        .finally(() => this.#logins.delete(key));
    this.#logins.set(key, login);
    return login;
  }

  /** Answers the registry's challenge; `undefined` when we have nothing to answer with. */
  async #authorize(
    reference: Reference,
    challenge: Challenge,
    scopes: readonly string[],
  ): Promise<string | undefined> {
    const credential = await this.#options.credentialFor(reference.registry);
    if (challenge.scheme === 'basic') {
      return credential && 'username' in credential ? basic(credential) : undefined;
    }
    const { service } = challenge;
    const realm = addressOf(challenge.realm, reference.registry);
    const token =
      credential && 'identityToken' in credential
        ? await this.#refresh(realm, service, scopes, credential.identityToken)
        : await this.#token(realm, service, scopes, credential);
    if (token === undefined) return undefined;
    this.#options.mask?.(token);
    return `Bearer ${token}`;
  }

  async #token(
    realm: string,
    service: string | undefined,
    scopes: readonly string[],
    credential: { username: string; password: string } | undefined,
  ): Promise<string | undefined> {
    const url = new URL(realm);
    if (service !== undefined) url.searchParams.set('service', service);
    for (const scope of scopes) url.searchParams.append('scope', scope);
    return readToken(
      await this.#options.http({
        url: url.href,
        headers: credential ? { authorization: basic(credential) } : {},
        signal: this.#options.signal,
      }),
    );
  }

  async #refresh(
    realm: string,
    service: string | undefined,
    scopes: readonly string[],
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

function toldDigest(reference: Reference, told: string): Digest {
  try {
    return parseDigest(told);
  } catch (error) {
    throw new Failure({
      what: `${reference.registry} gave no digest of ${formatReference(reference)} that can be read.`,
      why: `It says ${JSON.stringify(oneLine(told))}.`,
      remedy: 'Check that this is a registry, and that no proxy changes its answers.',
      cause: error,
    });
  }
}

function readManifest(reference: Reference, { body, headers }: HttpResponse): Manifest {
  const digest = digestOf(body);
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

/** What a registry gives as the place where an upload goes on: whole, or from its root. */
function isAddress(path: string): boolean {
  return path.startsWith('/') || path.includes('://');
}

/** Behind a proxy that ends TLS, registries are known to give addresses with the other scheme. */
function sameScheme(url: string, base: string): string {
  const given = new URL(url, base);
  const { host, protocol } = new URL(base);
  if (given.host === host) given.protocol = protocol;
  return given.href;
}

/** Moves content by a client that holds it in memory. */
function inMemory(http: Http): HttpStream {
  return async ({ body, ...request }) => {
    const response = await http({ ...request, ...(body && { body: await buffer(body) }) });
    return { ...response, body: Readable.from(response.body) };
  };
}
