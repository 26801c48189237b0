import { Buffer } from 'node:buffer';
import https from 'node:https';
import type { KubeConfig } from '@kubernetes/client-node';
import { followLines } from '../http/followLines.ts';
import { type Http, type HttpRequest, type HttpResponse, httpClient } from '../http/request.ts';
import type { Log } from '../log/Log.ts';
import { loginFailed } from './LoginFailed.ts';

/** A watch without a word for so long is taken as lost. */
const silenceMs = 30_000;

export interface KubeApiOptions {
  /** Where the proxy variables come from. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: Log;
  readonly signal?: AbortSignal | undefined;
  /** Gives a token that is good now, in place of what the kubeconfig's user has. */
  readonly bearer?: (() => Promise<string>) | undefined;
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

/** What a server tells of itself, as far as it is used. */
export interface ServerVersion {
  readonly gitVersion: string;
}

/** A list of objects, as far as it is used. */
export interface KubeList {
  readonly items: readonly unknown[];
  readonly metadata?: { readonly resourceVersion?: string };
}

/**
 * Speaks to one API server by the paths of its API. The generated classes of the client would do the
 * same for 1.3 MB more to load; what the client knows of kubeconfigs (certificates, tokens, exec
 * plug-ins, proxies) is used.
 */
export class KubeApi {
  readonly #config: KubeConfig;
  readonly #options: KubeApiOptions;
  #http: Http | undefined;
  #agent: https.Agent | undefined;
  #version: Promise<ServerVersion> | undefined;

  constructor(config: KubeConfig, options: KubeApiOptions) {
    this.#config = config;
    this.#options = options;
  }

  /** The address of the API server. */
  get server(): string {
    return this.#config.getCurrentCluster()?.server ?? '';
  }

  /**
   * The server's version, asked once.
   *
   * @throws {KubeProblem} when the server refuses; {@link Failure} when it does not answer
   */
  version(options: Pick<HttpRequest, 'deadlineMs' | 'repeatable'> = {}): Promise<ServerVersion> {
    this.#version ??= this.get<ServerVersion>('/version', options).catch((error: unknown) => {
      this.#version = undefined;
      throw error;
    });
    return this.#version;
  }

  /** @throws {KubeProblem} when the server refuses; {@link Failure} when it does not answer */
  async get<T>(path: string, options: Partial<HttpRequest> = {}): Promise<T> {
    return JSON.parse(await this.text(path, options)) as T;
  }

  /** As it was sent: the log of a container is not JSON. */
  async text(path: string, options: Partial<HttpRequest> = {}): Promise<string> {
    return (await this.#send({ ...options, method: 'GET' }, path)).body.toString();
  }

  /** An answer as it came, whatever its status; it is asked once, and redirects are an answer, too. */
  async ask(path: string, options: Partial<HttpRequest> = {}): Promise<HttpResponse> {
    const once = { repeatable: false, followRedirect: false };
    return this.#request({ ...once, ...options, method: 'GET' }, path);
  }

  async create(path: string, object: unknown): Promise<void> {
    await this.#send({ method: 'POST', body: JSON.stringify(object) }, path);
  }

  /** The object's resource version makes a second sending harmless. */
  async replace(
    path: string,
    object: unknown,
    options: Pick<HttpRequest, 'deadlineMs'> = {},
  ): Promise<void> {
    const body = JSON.stringify(object);
    await this.#send({ ...options, method: 'PUT', body, repeatable: true }, path);
  }

  /** Server-side apply: the fields that the object has become ours, whoever had them before. */
  async apply(path: string, object: unknown): Promise<void> {
    const query = new URLSearchParams({ fieldManager: 'platform-actions', force: 'true' });
    await this.#send(
      {
        ...{ method: 'PATCH', body: JSON.stringify(object), repeatable: true },
        headers: { 'content-type': 'application/apply-patch+yaml' },
      },
      `${path}?${query}`,
    );
  }

  async remove(path: string, options: Pick<HttpRequest, 'deadlineMs'> = {}): Promise<void> {
    await this.#send({ ...options, method: 'DELETE', repeatable: true }, path);
  }

  /**
   * Watches a path from a resource version on (the API's `watch=true`: one JSON event a line), until the
   * server ends it.
   *
   * @throws {FollowingEnded} when it is cut, says nothing for 30 s (watches are known to stall silently:
   * kubernetes-client/javascript 596, 958, 1496), or `signal` aborts; {@link KubeProblem} when refused
   */
  async watch(
    path: string,
    resourceVersion: string | undefined,
    onEvent: (type: string, object: unknown) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const query = new URLSearchParams({
      watch: 'true',
      allowWatchBookmarks: 'true',
      ...(resourceVersion !== undefined && { resourceVersion }),
    });
    const onLine = (line: string) => {
      const { type, object } = JSON.parse(line) as { type: string; object: unknown };
      onEvent(type, object);
    };
    await this.follow(`${path}?${query}`, onLine, { quietMs: silenceMs, signal });
  }

  /**
   * Follows an answer that goes on, such as the log of a container, line by line until the server ends it.
   *
   * @throws {FollowingEnded} when it is cut, says nothing for so long, or `signal` aborts;
   * {@link KubeProblem} when refused
   */
  async follow(
    path: string,
    onLine: (line: string) => void,
    { quietMs, signal }: { readonly quietMs: number; readonly signal: AbortSignal },
  ): Promise<void> {
    const { headers, httpsAgent } = await this.#access();
    const url = `${this.server}${path}`;
    const status = await followLines({
      ...{ url, headers, httpsAgent, silenceMs: quietMs, signal, onLine },
    });
    if (status !== 200) throw new KubeProblem(status, `HTTP ${status}`);
  }

  /**
   * Sends an object and gives the answer as it came: of what is only tried, a refusal is no error.
   *
   * @throws {Failure} when the server does not answer
   */
  async attempt(
    method: 'POST' | 'PATCH',
    path: string,
    object: unknown,
    options: Partial<HttpRequest> = {},
  ): Promise<HttpResponse> {
    return this.#request({ ...options, method, body: JSON.stringify(object) }, path);
  }

  async #send(request: Partial<HttpRequest>, path: string): Promise<HttpResponse> {
    const response = await this.#request(request, path);
    if (response.status < 300) return response;
    throw new KubeProblem(response.status, messageOf(response));
  }

  async #request(request: Partial<HttpRequest>, path: string): Promise<HttpResponse> {
    const { headers, httpsAgent } = await this.#access();
    const { env, log, signal } = this.#options;
    this.#http ??= httpClient({ env, log, httpsAgent });
    return this.#http({
      ...request,
      url: `${this.server}${path}`,
      headers: {
        ...headers,
        ...(request.body !== undefined && { 'content-type': 'application/json' }),
        ...request.headers,
      },
      signal: request.signal ?? signal,
    });
  }

  /** Who we are, asked anew each time since a token may end; the connections stay the same. */
  async #access(): Promise<{ headers: Record<string, string>; httpsAgent: https.Agent }> {
    const { bearer } = this.#options;
    const options: https.RequestOptions = {};
    const [token] = await Promise.all([
      bearer?.(),
      this.#config.applyToHTTPSOptions(options),
    ]).catch((error: unknown) => {
      throw loginFailed(this.#config, error);
    });
    this.#agent ??= this.#makeAgent(options);
    return {
      headers: {
        accept: 'application/json, */*',
        ...authorization(options),
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      },
      httpsAgent: this.#agent,
    };
  }

  #makeAgent(options: https.RequestOptions): https.Agent {
    const { ca, cert, key, passphrase, pfx, servername, rejectUnauthorized } = options;
    const given = { ca, cert, key, passphrase, pfx, servername, rejectUnauthorized };
    const tls = Object.fromEntries(
      Object.entries(given).filter(([, value]) => value !== undefined),
    );
    const proxied = this.#config.getCurrentCluster()?.proxyUrl !== undefined;
    return proxied && options.agent instanceof https.Agent
      ? options.agent
      : new https.Agent({ keepAlive: true, proxyEnv: { ...this.#options.env }, ...tls });
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
