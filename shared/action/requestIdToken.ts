import { Failure } from '../failure/Failure.ts';
import type { Http } from '../http/request.ts';
import { oneLine } from '../log/oneLine.ts';
import { plainText } from '../log/sanitize.ts';

export interface IdTokenEffects {
  readonly http: Http;
  readonly mask: (secret: string) => void;
  readonly signal?: AbortSignal | undefined;
}

const permission = 'Add `permissions:` with `id-token: write` (and `contents: read`) to the job';

/**
 * The job's own id token (OIDC) for an audience, new at each call; it is good for about 5 minutes.
 *
 * @throws {Failure} when the job may not ask for one, or does not get it
 */
export async function requestIdToken(
  env: Readonly<Record<string, string | undefined>>,
  audience: string,
  { http, mask, signal }: IdTokenEffects,
): Promise<string> {
  const address = env.ACTIONS_ID_TOKEN_REQUEST_URL;
  const requestToken = env.ACTIONS_ID_TOKEN_REQUEST_TOKEN;
  if (!address || !requestToken) {
    throw new Failure({
      what: 'This job may not ask GitHub for an id token.',
      why: 'The runner gave no ACTIONS_ID_TOKEN_REQUEST_URL: the permission `id-token: write` is missing.',
      remedy: `${permission}; a reusable workflow needs it from its caller as well. Pull requests from forks and by Dependabot never get it.`,
    });
  }
  mask(requestToken);
  const url = new URL(address);
  url.searchParams.set('audience', audience);
  const { status, body } = await http({
    url: url.href,
    headers: { authorization: `Bearer ${requestToken}`, accept: 'application/json' },
    signal,
  });
  const token = status === 200 ? readValue(body.toString()) : undefined;
  if (token === undefined) {
    const refused = status === 401 || status === 403;
    throw new Failure({
      what: `GitHub gave this job no id token (status ${status}).`,
      why: refused
        ? 'Its request token is not taken: the job is over, or lost the permission.'
        : undefined,
      remedy: refused ? `${permission}, and run it again.` : 'Run the job again later.',
      details: `Audience ${oneLine(JSON.stringify(audience))}. ${status === 200 ? 'The answer had no token.' : plainText(body.toString()).slice(0, 2000)}`,
    });
  }
  mask(token);
  return token;
}

function readValue(text: string): string | undefined {
  try {
    const { value } = JSON.parse(text) as { value?: unknown };
    return typeof value === 'string' && value !== '' ? value : undefined;
  } catch {
    return undefined;
  }
}
