import { createHash } from 'node:crypto';
import { explainRefusal } from './explainRefusal.ts';
import { type Digest, parseDigest, type Reference } from './Reference.ts';
import type { RegistryClient } from './RegistryClient.ts';

export interface PushedManifest {
  readonly digest: Digest;
  /**
   * Whether the registry has listed it as a referrer of its `subject`: it says so in `OCI-Subject`
   * (distribution specification 1.1, "Pushing Manifests with Subject").
   */
  readonly listed: boolean;
}

/**
 * Pushes a manifest under the reference's tag, else under its digest. The same bytes sent twice
 * change nothing, so a lost answer is asked for again.
 *
 * @param repeatable `false` for a caller who looks first whether it has arrived
 * @throws {Failure} when the registry refuses or does not answer
 */
export async function putManifest(
  client: Pick<RegistryClient, 'send' | 'isSignedIn'>,
  reference: Reference,
  body: string | Uint8Array,
  mediaType: string,
  repeatable = true,
): Promise<PushedManifest> {
  const digest = digestOf(body);
  const response = await client.send(reference, {
    method: 'PUT',
    path: `manifests/${reference.tag ?? reference.digest ?? digest}`,
    headers: { 'content-type': mediaType },
    ...{ body, repeatable, access: 'pull,push' },
  });
  if (response.status !== 201) {
    const signedIn = client.isSignedIn(reference);
    throw explainRefusal(reference, response, { deed: 'push to', signedIn });
  }
  return { digest, listed: response.headers['oci-subject'] !== undefined };
}

/** What names this content in a registry. */
export function digestOf(content: string | Uint8Array): Digest {
  return parseDigest(`sha256:${createHash('sha256').update(content).digest('hex')}`);
}
