import { Failure } from '../failure/Failure.ts';
import { oneLine } from '../log/oneLine.ts';
import { plainText } from '../log/sanitize.ts';
import type { Effects } from './Effects.ts';
import { readFields } from './readFields.ts';

/** Azure's instance metadata service, which only a machine of Azure's reaches. */
export const metadataService = 'http://169.254.169.254';

/** It answers within milliseconds where it exists; elsewhere the address leads nowhere. */
const probeMs = 2000;
/** The first token after a machine's start can take long. */
const tokenMs = 60_000;

export interface ManagedIdentity {
  /** Of a user-assigned identity; `undefined` for the machine's own. */
  readonly clientId: string | undefined;
  /** Where the metadata service is; tests have their own. */
  readonly endpoint: string;
}

/**
 * An access token of the identity that Azure gave this machine.
 *
 * Asked here by two requests of our own: `@azure/identity` would do it as well, in 390 KB of bundle
 * where this whole login takes 25, and without our proxies, retries and messages.
 *
 * @param effects its `http` has to go round proxies: the address is the machine's own
 * @throws {Failure} when this is no machine of Azure's, or it has no such identity
 */
export async function requestManagedIdentityToken(
  { clientId, endpoint }: ManagedIdentity,
  resources: readonly string[],
  { http, mask, signal }: Effects,
): Promise<string> {
  const url = new URL('/metadata/identity/oauth2/token', endpoint);
  try {
    // Without the header it refuses at once, and we know that it is there.
    await http({ url: url.href, deadlineMs: probeMs, signal });
  } catch (cause) {
    signal?.throwIfAborted();
    throw new Failure({
      what: 'This runner has no managed identity.',
      why: `Azure's metadata service did not answer at ${url.host}.`,
      remedy:
        'Leave `azure-managed-identity` out and log in by OIDC, or use a runner on a machine of Azure.',
      cause,
    });
  }
  url.searchParams.set('api-version', '2018-02-01');
  url.searchParams.set('resource', resources[0] ?? '');
  if (clientId !== undefined) url.searchParams.set('client_id', clientId);
  const { status, body } = await http({
    url: url.href,
    headers: { metadata: 'true' },
    deadlineMs: tokenMs,
    signal,
  });
  const fields = readFields(body.toString());
  if (status === 200 && typeof fields.access_token === 'string') {
    mask(fields.access_token);
    return fields.access_token;
  }
  const said = oneLine(String(fields.error_description ?? fields.error ?? ''), 300);
  throw new Failure({
    what:
      clientId === undefined
        ? 'This machine has no managed identity of its own, or several.'
        : `This machine has no managed identity ${oneLine(clientId)}.`,
    why: said === '' ? `The metadata service answered ${status}.` : `It says: ${said}`,
    remedy:
      clientId === undefined
        ? "Turn the machine's identity on, or name one by its client id in `azure-managed-identity`."
        : 'Assign the identity to the machine (or its scale set), and give its client id.',
    details: plainText(body.toString()).slice(0, 2000),
  });
}
