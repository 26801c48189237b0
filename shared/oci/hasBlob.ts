import { explainRefusal } from './explainRefusal.ts';
import type { Digest, Reference } from './Reference.ts';
import type { RegistryClient } from './RegistryClient.ts';

/**
 * Whether the repository has this blob.
 *
 * @throws {Failure} when the registry refuses or does not answer
 */
export async function hasBlob(
  client: Pick<RegistryClient, 'ask' | 'isSignedIn'>,
  repository: Reference,
  digest: Digest,
): Promise<boolean> {
  const response = await client.ask(repository, {
    method: 'HEAD',
    path: `blobs/${digest}`,
    // With the token of the push that follows, so that there is one login and not two.
    actions: ['pull', 'push'],
    repeatable: false,
  });
  if (response.status === 200) return true;
  if (response.status === 404) return false;
  const signedIn = client.isSignedIn(repository);
  throw explainRefusal(repository, response, { deed: 'push to', signedIn });
}
