import { createServer, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** One request to a double. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** Scheme and host as the client named them, for links that lead back the same way. */
  readonly origin: string;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text and bytes as they are, anything else as JSON. */
  readonly body?: unknown;
}

export interface ServeOptions {
  /** An ephemeral one by default. */
  readonly port?: number;
  /** PEM texts; without them plain HTTP. */
  readonly tls?: { readonly cert: string; readonly key: string } | undefined;
}

export interface Served extends AsyncDisposable {
  readonly url: string;
}

/** A double without its server. */
export interface Double {
  handle(asked: Asked): Answer | Promise<Answer>;
}

/**
 * Serves what `make` makes; it is told its own address, which tokens and links name.
 */
export async function serveDouble<Options extends ServeOptions, Made extends Double>(
  make: (options: Options, url: string) => Made | Promise<Made>,
  options: Options,
): Promise<Made & Served> {
  let made: Made | undefined;
  const served = await serve((asked) => made?.handle(asked) ?? { status: 503 }, options);
  made = await make(options, served.url);
  return { ...made, ...served };
}

/** Serves a double on loopback. What `handle` throws is a defect of the double: 500 with its stack. */
export async function serve(
  handle: (asked: Asked) => Answer | Promise<Answer>,
  { port = 0, tls }: ServeOptions = {},
): Promise<Served> {
  const server = tls ? createSecureServer(tls) : createServer();
  const scheme = tls ? 'https' : 'http';
  server.on('request', async (request, response) => {
    const { status, headers, body } = await receive(request, scheme)
      .then(handle)
      .catch((error: Error) => ({ status: 500, headers: {}, body: `${error.stack}` }));
    const plain = typeof body === 'string' || body === undefined || body instanceof Uint8Array;
    const text = plain ? body : JSON.stringify(body);
    response.writeHead(status, {
      ...(!plain && { 'content-type': 'application/json; charset=utf-8' }),
      ...headers,
    });
    response.end(text);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    url: `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function receive(request: IncomingMessage, scheme: string): Promise<Asked> {
  const forwarded = request.headers['x-forwarded-proto'];
  const origin = `${forwarded ?? scheme}://${request.headers.host}`;
  const { pathname, searchParams } = new URL(request.url ?? '/', origin);
  return {
    method: request.method ?? 'GET',
    path: pathname,
    query: searchParams,
    headers: request.headers,
    body: await buffer(request),
    origin,
  };
}
