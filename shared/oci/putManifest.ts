import { createHash } from 'node:crypto';
import { explainRefusal } from './explainRefusal.ts';
import { type Digest, parseDigest, type Reference } from './Reference.ts';
import type { RegistryClient } from './RegistryClient.ts';

/**
 * Stores a manifest under the reference's tag, or under its digest where it has no tag.
 *
 * @returns the digest of what was sent
 * @throws {Failure} when the registry refuses or does not answer
 */
export async function putManifest(
  client: Pick<RegistryClient, 'ask' | 'isSignedIn'>,
  reference: Reference,
  body: string | Uint8Array,
  mediaType: string,
): Promise<Digest> {
  const digest = digestOf(body);
  const response = await client.ask(reference, {
    method: 'PUT',
    path: `manifests/${reference.tag ?? digest}`,
    headers: { 'content-type': mediaType },
    body,
    actions: ['pull', 'push'],
  });
  if (response.status === 201) return digest;
  const signedIn = client.isSignedIn(reference);
  throw explainRefusal(reference, response, { deed: 'push to', signedIn });
}

/** What names this content in a registry. */
export function digestOf(content: string | Uint8Array): Digest {
  return parseDigest(`sha256:${createHash('sha256').update(content).digest('hex')}`);
}
