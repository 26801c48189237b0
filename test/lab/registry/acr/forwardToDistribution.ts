import { type IncomingMessage, type ServerResponse, request as send } from 'node:http';
import { json } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { decodeJwt } from 'jose';
import { authenticationRequired } from './AcrError.ts';

export interface Upstream {
  readonly upstream: string;
  /** Seconds since 1970. */
  readonly now: () => number;
}

interface Refusal {
  readonly errors: readonly {
    readonly code: string;
    readonly detail?: readonly { readonly Class?: string }[] | null;
  }[];
}

/** Passes one request on, bodies streamed, and says "authentication required" in ACR's words. */
export async function forwardToDistribution(
  request: IncomingMessage,
  response: ServerResponse,
  { upstream, now }: Upstream,
): Promise<void> {
  const { authorization } = request.headers;
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const forwarded = send(`${upstream}${request.url}`, {
      ...(request.method && { method: request.method }),
      headers: {
        ...request.headers,
        // Realm and locations lead back to us.
        'x-forwarded-proto': 'https',
        // Distribution takes a token for another minute after its end; ACR does not.
        ...(hasExpired(authorization, now()) && { authorization: 'Bearer expired' }),
      },
    });
    forwarded.once('response', resolve);
    forwarded.once('error', reject);
    pipeline(request, forwarded).catch(reject);
  });
  const { statusCode = 502, headers } = answer;
  if (statusCode !== 401 || request.method === 'HEAD') {
    response.writeHead(statusCode, headers);
    await pipeline(answer, response);
    return;
  }
  const body = Buffer.from(JSON.stringify(inTheirWords((await json(answer)) as Refusal)));
  response.writeHead(statusCode, { ...headers, 'content-length': body.length });
  response.end(body);
}

function inTheirWords({ errors }: Refusal) {
  return {
    errors: errors.map(({ code, detail }) => ({
      code,
      message: authenticationRequired,
      detail: detail?.map(({ Class: _, ...rest }) => rest) ?? null,
    })),
  };
}

function hasExpired(authorization: string | undefined, now: number): boolean {
  const token = /^Bearer (\S+)$/i.exec(authorization ?? '')?.[1];
  if (token === undefined) return false;
  try {
    return (decodeJwt(token).exp ?? 0) <= now;
  } catch {
    return false;
  }
}
