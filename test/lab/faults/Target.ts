import { type ClientRequest, type RequestOptions, request as requestPlain } from 'node:http';
import { request as requestSecure } from 'node:https';
import { isIP } from 'node:net';

/** Where the proxy sends what it forwards. */
export interface Target {
  /** Origin, with a path prefix if there is one: `https://localhost:15443`. */
  readonly url: string;
  /** PEM texts. */
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

/** Headers that speak of one connection, not of the request: RFC 9110, 7.6.1. */
const hopByHop = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'te',
  'trailer',
  'expect',
  'upgrade',
]);

/** Name and value pairs in order and spelling, without those of the connection itself. */
export function endToEnd(rawHeaders: readonly string[]): [string, string][] {
  return pairs(rawHeaders).filter(([name]) => !hopByHop.has(name.toLowerCase()));
}

/** `[name, value, name, value]` as pairs. */
export function pairs(rawHeaders: readonly string[]): [string, string][] {
  return rawHeaders.flatMap((name, index) =>
    index % 2 === 0 ? [[name, rawHeaders[index + 1] ?? ''] as [string, string]] : [],
  );
}

/** Replaces headers whatever their spelling; `undefined` removes. */
export function withHeaders(
  headers: readonly [string, string][],
  changes: Readonly<Record<string, string | undefined>> = {},
): [string, string][] {
  const names = new Set(Object.keys(changes).map((name) => name.toLowerCase()));
  return [
    ...headers.filter(([name]) => !names.has(name.toLowerCase())),
    ...Object.entries(changes).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value] as [string, string]],
    ),
  ];
}

/**
 * A request to the target on a connection of its own: a pooled one could break by itself and look
 * like a fault that nobody asked for. The client's Host goes on, so that a server's links lead back
 * through the proxy.
 */
export function requestTarget(
  target: Target,
  { method, path, headers }: { method: string; path: string; headers: readonly [string, string][] },
): ClientRequest {
  const url = new URL(target.url);
  const secure = url.protocol === 'https:';
  const options: RequestOptions & { ca?: string; cert?: string; key?: string } = {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port || (secure ? 443 : 80),
    method,
    path: `${url.pathname.replace(/\/$/, '')}${path}`,
    headers: headers.flat(),
    setHost: false,
    agent: false,
  };
  if (!secure) return requestPlain(options);
  return requestSecure({
    ...options,
    ...(target.ca !== undefined && { ca: target.ca }),
    ...(target.cert !== undefined && { cert: target.cert }),
    ...(target.key !== undefined && { key: target.key }),
    // SNI names hosts, never addresses (RFC 6066).
    ...(isIP(options.host ?? '') ? {} : { servername: options.host ?? '' }),
  });
}
