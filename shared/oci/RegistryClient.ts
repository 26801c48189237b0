import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { Http, HttpResponse } from '../http/request.ts';
import type { HttpStream, StreamResponse } from '../http/stream.ts';
import { silent } from '../log/Log.ts';
import { fetchManifest, findDigest, findManifest } from './findManifest.ts';
import type { Manifest } from './Manifest.ts';
import { type BlobDescriptor, putBlob } from './putBlob.ts';
import { type PushedManifest, putManifest } from './putManifest.ts';
import type { Digest, Reference } from './Reference.ts';
import type { Asked, ReadOptions, RegistryRequest, RegistryTransfer } from './RegistryRequest.ts';
import { isAddress, registryAddress, sameScheme } from './registryAddress.ts';
import { type SessionOptions, Sessions } from './Sessions.ts';

export interface RegistryClientOptions extends SessionOptions {
  /** Moves blobs of any size; by default by way of `http`, which holds them in memory. */
  readonly stream?: HttpStream | undefined;
}

/**
 * Speaks the OCI distribution specification, with the token authentication of the distribution
 * project (docs/spec/auth/token) and of ACR (a refresh token in place of a password).
 */
export class RegistryClient {
  readonly #options: RegistryClientOptions;
  readonly #stream: HttpStream;
  readonly #sessions: Sessions;
  readonly #baseUrls = new Map<string, Promise<string>>();

  constructor(options: RegistryClientOptions) {
    this.#options = options;
    this.#stream = options.stream ?? inMemory(options.http);
    this.#sessions = new Sessions(options);
  }

  /**
   * Fetches a manifest and checks that its content has the digest that was asked for.
   *
   * @throws {Failure} when there is none, the registry refuses or does not answer
   */
  manifest(reference: Reference, options: ReadOptions = {}): Promise<Manifest> {
    return fetchManifest(this, reference, options);
  }

  /** As {@link manifest}, but `undefined` when the registry has none of that name. */
  findManifest(reference: Reference, options: ReadOptions = {}): Promise<Manifest | undefined> {
    return findManifest(this, reference, options);
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
  findDigest(reference: Reference, options: ReadOptions = {}): Promise<Digest | undefined> {
    return findDigest(this, reference, options);
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
  isSignedIn(reference: Reference): boolean {
    return this.#sessions.isSignedIn(reference);
  }

  #baseUrl(registry: string): Promise<string> {
    const known = this.#baseUrls.get(registry);
    if (known !== undefined) return known;
    const { http, signal } = this.#options;
    const found = registryAddress(registry, { http, signal }, (answer) =>
      this.#sessions.remember(registry, answer),
    ).catch((error: unknown) => {
      // Asked again the next time: it may only have been away.
      this.#baseUrls.delete(registry);
      throw error;
    });
    this.#baseUrls.set(registry, found);
    return found;
  }

  /** Sends; where the registry wants a login, or a new one, logs in and sends once more. */
  async #exchange<R extends Pick<HttpResponse, 'status' | 'headers'>>(
    reference: Reference,
    asked: Asked,
    send: (url: string, headers: Record<string, string>) => Promise<R>,
    discard: (response: R) => void = () => {},
  ): Promise<R> {
    const { path, headers = {} } = asked;
    const base = await this.#baseUrl(reference.registry);
    const url = isAddress(path)
      ? sameScheme(path, base)
      : `${base}/v2/${reference.repository}/${path}`;
    const sendWith = (authorization: string | undefined) =>
      send(url, { ...headers, ...(authorization && { authorization }) });
    // Where a registry sends us elsewhere with an upload, the address itself is the permission.
    if (new URL(url).origin !== base) return sendWith(undefined);

    const sent = await this.#sessions.known(reference, asked);
    const response = await sendWith(sent);
    if (response.status !== 401) return response;
    const authorization = await this.#sessions.renewed(reference, asked, response, sent);
    if (authorization === undefined) return response;
    discard(response);
    return sendWith(authorization);
  }
}

/** Moves content by a client that holds it in memory. */
function inMemory(http: Http): HttpStream {
  return async ({ body, ...request }) => {
    const response = await http({ ...request, ...(body && { body: await buffer(body) }) });
    return { ...response, body: Readable.from(response.body) };
  };
}
