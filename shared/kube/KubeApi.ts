import { Buffer } from 'node:buffer';
import https from 'node:https';
import { type KubeConfig, Watch } from '@kubernetes/client-node';
import { type Http, type HttpRequest, type HttpResponse, httpClient } from '../http/request.ts';
import type { Log } from '../log/Log.ts';

export interface KubeApiOptions {
  /** Where the proxy variables come from. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: Log;
  readonly signal?: AbortSignal | undefined;
}

/** The API server refused; `code` is the HTTP status (metav1.Status). */
export class KubeProblem extends Error {
  override readonly name = 'KubeProblem';
  readonly code: number;
  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

/** A list of objects, as far as it is used. */
export interface KubeList {
  readonly items: readonly unknown[];
  readonly metadata?: { readonly resourceVersion?: string };
}

/**
 * Speaks to one API server by the paths of its API. The generated classes of the client would do the
 * same for 1.3 MB more to load; what the client knows of kubeconfigs (certificates, tokens, exec
 * plug-ins, proxies) and its watch are used.
 */
export class KubeApi {
  readonly #config: KubeConfig;
  readonly #options: KubeApiOptions;
  #http: Http | undefined;

  constructor(config: KubeConfig, options: KubeApiOptions) {
    this.#config = config;
    this.#options = options;
  }

  /** The address of the API server. */
  get server(): string {
    return this.#config.getCurrentCluster()?.server ?? '';
  }

  /** @throws {KubeProblem} when the server refuses; {@link Failure} when it does not answer */
  async get<T>(path: string, options: Partial<HttpRequest> = {}): Promise<T> {
    return JSON.parse(await this.text(path, options)) as T;
  }

  /** As it was sent: the log of a container is not JSON. */
  async text(path: string, options: Partial<HttpRequest> = {}): Promise<string> {
    return (await this.#send({ ...options, method: 'GET' }, path)).body.toString();
  }

  async create(path: string, object: unknown): Promise<void> {
    await this.#send({ method: 'POST', body: JSON.stringify(object) }, path);
  }

  /** The object's resource version makes a second sending harmless. */
  async replace(path: string, object: unknown): Promise<void> {
    await this.#send({ method: 'PUT', body: JSON.stringify(object), repeatable: true }, path);
  }

  async remove(path: string): Promise<void> {
    await this.#send({ method: 'DELETE', repeatable: true }, path);
  }

  /** Follows a path; see `Watch` of the client. It ends by itself after 30 s of silence. */
  watch(
    path: string,
    query: Record<string, string | boolean | undefined>,
    onEvent: (type: string, object: unknown) => void,
    onEnd: () => void,
  ): Promise<AbortController> {
    return new Watch(this.#config).watch(path, query, onEvent, onEnd);
  }

  async #send(request: Partial<HttpRequest>, path: string): Promise<HttpResponse> {
    const options: https.RequestOptions = {};
    await this.#config.applyToHTTPSOptions(options);
    this.#http ??= this.#client(options);
    const response = await this.#http({
      ...request,
      url: `${this.server}${path}`,
      headers: {
        accept: 'application/json, */*',
        ...(request.body !== undefined && { 'content-type': 'application/json' }),
        ...authorization(options),
      },
      signal: this.#options.signal,
    });
    if (response.status < 300) return response;
    throw new KubeProblem(response.status, messageOf(response));
  }

  #client(options: https.RequestOptions): Http {
    const { ca, cert, key, passphrase, pfx, servername, rejectUnauthorized } = options;
    const { env, log } = this.#options;
    const given = { ca, cert, key, passphrase, pfx, servername, rejectUnauthorized };
    const tls = Object.fromEntries(
      Object.entries(given).filter(([, value]) => value !== undefined),
    );
    const proxied = this.#config.getCurrentCluster()?.proxyUrl !== undefined;
    const httpsAgent =
      proxied && options.agent instanceof https.Agent
        ? options.agent
        : new https.Agent({ keepAlive: true, proxyEnv: { ...env }, ...tls });
    return httpClient({ env, log, httpsAgent });
  }
}

/** The client gives a token as a header, a password as `auth`. */
function authorization({ headers, auth }: https.RequestOptions): Record<string, string> {
  if (auth) return { authorization: `Basic ${Buffer.from(auth).toString('base64')}` };
  const entries = Object.entries((headers as Record<string, unknown>) ?? {});
  return Object.fromEntries(entries.map(([name, value]) => [name, String(value)]));
}

function messageOf({ status, body }: HttpResponse): string {
  try {
    return (JSON.parse(body.toString()) as { message?: string }).message ?? `HTTP ${status}`;
  } catch {
    return `HTTP ${status}`;
  }
}
