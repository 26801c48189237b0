import type { Http, HttpResponse } from '../http/request.ts';

/** One on this machine is there or not; who has patience asks again. */
const deadlineMs = 5000;

/**
 * Where the API of a registry is. One on this machine is asked whether it speaks TLS; any other one
 * has to.
 *
 * @param onAnswer told of what it answered then
 */
export async function registryAddress(
  registry: string,
  { http, signal }: { readonly http: Http; readonly signal: AbortSignal | undefined },
  onAnswer: (response: HttpResponse) => void,
): Promise<string> {
  const secure = `https://${apiHost(registry)}`;
  if (!isLoopback(registry)) return secure;
  try {
    onAnswer(await http({ url: `${secure}/v2/`, deadlineMs, signal }));
    return secure;
  } catch (error) {
    if (speaksPlainHttp(error)) return `http://${registry}`;
    throw error;
  }
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

/** What a registry gives as the place where an upload goes on: whole, or from its root. */
export function isAddress(path: string): boolean {
  return path.startsWith('/') || path.includes('://');
}

/** Behind a proxy that ends TLS, registries are known to give addresses with the other scheme. */
export function sameScheme(url: string, base: string): string {
  const given = new URL(url, base);
  const { host, protocol } = new URL(base);
  if (given.host === host) given.protocol = protocol;
  return given.href;
}
