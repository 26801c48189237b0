import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';
import { endToEnd, requestTarget, type Target, withHeaders } from '../faults/Target.ts';

/** The application for which a token has to be (`aud`). */
const server = '6dae42f8-4368-4678-94ff-3960e28e3630';

export interface AksOptions {
  /** The API server behind it, as an administrator who may speak for others. */
  readonly target: Target;
  /** Where Entra is, and the tenant that is trusted. */
  readonly entra: string;
  readonly tenant: string;
  /** PEM texts. */
  readonly tls: { readonly cert: string; readonly key: string };
}

export interface Aks extends AsyncDisposable {
  readonly url: string;
  /** The status of each answer, in order, by the user agent's first word. */
  readonly answers: readonly { readonly agent: string; readonly status: number }[];
}

/**
 * The API server of a cluster of AKS that knows people by Entra: a token is taken while it is good, and
 * whose it is becomes a user by the object id. Behind it is a real API server.
 */
export async function startAks({ target, entra, tenant, tls }: AksOptions): Promise<Aks> {
  const answers: { agent: string; status: number }[] = [];

  async function userOf({ headers }: IncomingMessage): Promise<string | undefined> {
    const token = /^Bearer (\S+)$/.exec(headers.authorization ?? '')?.[1] ?? '';
    const keys = (await (
      await fetch(`${entra}/${tenant}/discovery/v2.0/keys`)
    ).json()) as JSONWebKeySet;
    const verified = await jwtVerify(token, createLocalJWKSet(keys), {
      ...{ issuer: `${entra}/${tenant}/`, audience: server, algorithms: ['RS256'] },
      requiredClaims: ['exp', 'oid'],
    }).catch(() => undefined);
    return verified && String(verified.payload.oid);
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const user = await userOf(request);
    const note = (status: number) => {
      const agent = request.headers['user-agent']?.split(/[ /]/)[0] ?? '';
      answers.push({ agent, status });
    };
    if (user === undefined) {
      note(401);
      response.writeHead(401, { 'content-type': 'application/json' });
      const status = { apiVersion: 'v1', kind: 'Status', status: 'Failure', code: 401 };
      response.end(JSON.stringify({ ...status, message: 'Unauthorized', reason: 'Unauthorized' }));
      return;
    }
    const { method = 'GET', url: path = '/', rawHeaders } = request;
    const framing = request.headers['transfer-encoding'] && { 'transfer-encoding': 'chunked' };
    const headers = withHeaders(endToEnd(rawHeaders), {
      ...{ authorization: undefined, 'impersonate-user': user },
      ...framing,
    });
    const upstream = requestTarget(target, { method, path, headers });
    upstream.on('error', () => response.destroy());
    response.on('close', () => upstream.destroy());
    upstream.on('response', (answer) => {
      note(answer.statusCode ?? 502);
      response.writeHead(answer.statusCode ?? 502, endToEnd(answer.rawHeaders).flat());
      response.flushHeaders();
      answer.pipe(response);
    });
    request.pipe(upstream);
  }

  const listening = createServer(tls, (request, response) => void handle(request, response));
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  return {
    url: `https://127.0.0.1:${(listening.address() as AddressInfo).port}`,
    answers,
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        listening.close(() => resolve());
        listening.closeAllConnections();
      }),
  };
}
