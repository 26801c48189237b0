import { createServer, type IncomingMessage } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type Exchange, forward } from './forward.ts';
import { closePassage, openPassage, type Passage } from './Passage.ts';
import { type Rule, RuleBook } from './Rule.ts';
import type { Target } from './Target.ts';
import { tunnel } from './tunnel.ts';

export interface FaultProxyOptions {
  /** An address alone, or with what TLS to it wants. */
  readonly target: string | Target;
  readonly rules?: readonly Rule[];
  /** PEM texts, when the proxy itself shall speak TLS. */
  readonly tls?: { readonly cert: string; readonly key: string };
  /** An ephemeral one by default. */
  readonly port?: number;
}

export interface FaultProxy extends AsyncDisposable {
  readonly url: string;
  /** `127.0.0.1:port`, as an image's name or a kubeconfig wants it. */
  readonly address: string;
  /** Everything that came, in order; entries are completed as the requests end. */
  readonly requests: readonly Passage[];
  /** Rules may come and go while requests run; those count from when they are added. */
  add(rule: Rule): void;
  remove(rule: Rule): void;
  clear(): void;
  /** How many requests a rule has befallen. */
  fired(rule: Rule): number;
  /** Resets all connections that are open now, as a server that restarts. */
  resetConnections(): void;
  /** Refuses connections (and resets those that are open) until `comeBack`. */
  goDown(): Promise<void>;
  comeBack(): Promise<void>;
}

/**
 * Starts a reverse proxy on loopback that passes on whatever no rule befalls: streamed both ways,
 * upgrades (WebSocket, kubectl exec) included, over HTTP/1.1.
 */
export async function startFaultProxy(options: FaultProxyOptions): Promise<FaultProxy> {
  const target = typeof options.target === 'string' ? { url: options.target } : options.target;
  const book = new RuleBook(options.rules ?? []);
  const requests: Passage[] = [];
  const connections = new Map<number, Socket>();
  const started = performance.now();

  // A limit of time here would be a fault that nobody asked for.
  const limits = { requestTimeout: 0, headersTimeout: 0, keepAliveTimeout: 60_000 };
  const server = options.tls
    ? createSecureServer({ ...options.tls, ...limits })
    : createServer(limits);
  // Below TLS, so that a reset is one of TCP.
  server.on('connection', (socket: Socket) => {
    const port = socket.remotePort ?? 0;
    connections.set(port, socket);
    socket.on('close', () => connections.delete(port));
    socket.on('error', () => {});
  });

  function meet(request: IncomingMessage): Omit<Exchange, 'response'> {
    const rule = book.take(request);
    const passage = openPassage(request, rule, started);
    requests.push(passage);
    const connection = connections.get(request.socket.remotePort ?? 0);
    return {
      target,
      request,
      fault: rule?.fault,
      passage,
      close: (end) => closePassage(passage, started, end),
      reset: () => connection?.resetAndDestroy(),
    };
  }
  server.on('request', (request, response) => void forward({ ...meet(request), response }));
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    void tunnel({ ...meet(request), socket, head });
  });

  const listen = (port: number) =>
    new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', () => {
        server.off('error', reject);
        resolve();
      });
    });
  await listen(options.port ?? 0);
  const { port } = server.address() as AddressInfo;

  function resetConnections(): void {
    for (const socket of connections.values()) socket.resetAndDestroy();
  }
  async function goDown(): Promise<void> {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    resetConnections();
    await closed;
  }
  return {
    url: `${options.tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    address: `127.0.0.1:${port}`,
    requests,
    add: (rule) => book.add(rule),
    remove: (rule) => book.remove(rule),
    clear: () => book.clear(),
    fired: (rule) => book.fired(rule),
    resetConnections,
    goDown,
    comeBack: () => listen(port),
    [Symbol.asyncDispose]: goDown,
  };
}
