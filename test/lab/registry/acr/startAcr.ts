import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { JWK } from 'jose';
import type { Answer, Asked } from '../../doubles/serve.ts';
import { AcrError } from './AcrError.ts';
import { AcrTokens } from './AcrTokens.ts';
import { forwardToDistribution } from './forwardToDistribution.ts';
import type { RoleAssignment, RoleAssignmentMode } from './permissions.ts';
import { tokenEndpoints } from './tokenEndpoints.ts';
import type { VerifyEntraToken } from './verifyEntraToken.ts';

export interface AcrOptions {
  /** PEM texts. */
  readonly tls: { readonly cert: string; readonly key: string };
  /** Where distribution serves the content; it knows `service` and the public half of `key`. */
  readonly upstream: string;
  readonly service: string;
  readonly key: JWK;
  readonly tenant: string;
  readonly verify: VerifyEntraToken;
  readonly mode?: RoleAssignmentMode;
  /** By default everybody of the tenant has AcrPush. */
  readonly assignments?: readonly RoleAssignment[];
  /** The client's address is not on the registry's list. */
  readonly firewall?: boolean;
  /** Seconds. */
  readonly refreshLifetime?: number;
  /** Seconds. */
  readonly accessLifetime?: number;
  /** The first one that is free is taken; an ephemeral one by default. */
  readonly ports?: readonly number[];
  /** Seconds since 1970. */
  readonly now?: () => number;
}

export interface Acr extends AsyncDisposable {
  /** `localhost:port`, as it is written in references. */
  readonly host: string;
  /** Mints what a login would have given. */
  readonly tokens: AcrTokens;
}

const everybodyPushes: readonly RoleAssignment[] = [{ principal: '*', role: 'AcrPush' }];

/**
 * A registry that logs in as Azure Container Registry does: its token endpoints are ours, strict;
 * what tokens allow is decided by CNCF distribution behind it.
 */
export async function startAcr(options: AcrOptions): Promise<Acr> {
  const { now = () => Math.floor(Date.now() / 1000) } = options;
  const { service, tenant, verify, upstream, key } = options;
  const tokens = new AcrTokens({
    key,
    service,
    tenant,
    now,
    refreshLifetime: options.refreshLifetime ?? 3 * 3600,
    accessLifetime: options.accessLifetime ?? 75 * 60,
  });
  const registry = {
    ...{ service, tenant, tokens, verify },
    mode: options.mode ?? 'LegacyRegistryPermissions',
    assignments: options.assignments ?? everybodyPushes,
  };

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      if (options.firewall) throw AcrError.firewall(request.socket.remoteAddress ?? '');
      const path = request.url ?? '/';
      if (path.startsWith('/oauth2/')) {
        send(response, await tokenEndpoints(await read(request), registry));
      } else await forwardToDistribution(request, response, { upstream, now });
    } catch (error) {
      if (error instanceof AcrError) send(response, error.answer());
      else if (response.headersSent) response.destroy();
      else send(response, { status: 500, body: `${(error as Error).stack}` });
    }
  }

  const server = createServer(options.tls, (request, response) => void handle(request, response));
  await listen(server, [...(options.ports ?? [0])]);
  return {
    host: `localhost:${(server.address() as AddressInfo).port}`,
    tokens,
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function listen(server: Server, [port, ...others]: readonly number[]): Promise<void> {
  const listening = once(server, 'listening');
  server.listen(port, '127.0.0.1');
  try {
    await listening;
  } catch (error) {
    const inUse = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
    if (!inUse || others.length === 0) throw error;
    await listen(server, others);
  }
}

async function read(request: IncomingMessage): Promise<Asked> {
  const origin = `https://${request.headers.host}`;
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

function send(response: ServerResponse, { status, headers, body }: Answer): void {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  response.writeHead(status, {
    ...(text !== body && { 'content-type': 'application/json; charset=utf-8' }),
    ...headers,
  });
  response.end(text);
}
