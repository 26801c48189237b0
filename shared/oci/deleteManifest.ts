import { explainRefusal } from './explainRefusal.ts';
import type { Reference } from './Reference.ts';
import type { RegistryClient } from './RegistryClient.ts';

/**
 * Removes a manifest, by its digest; or a tag alone, where the registry can.
 *
 * @returns `false` when it was gone already
 * @throws {Failure} when the registry refuses or does not answer
 */
export async function deleteManifest(
  client: Pick<RegistryClient, 'send' | 'isSignedIn'>,
  reference: Reference,
): Promise<boolean> {
  const response = await client.send(reference, {
    method: 'DELETE',
    path: `manifests/${reference.digest ?? reference.tag}`,
    access: 'pull,delete',
    repeatable: false,
  });
  if (response.status === 202 || response.status === 200) return true;
  if (response.status === 404) return false;
  const signedIn = client.isSignedIn(reference);
  throw explainRefusal(reference, response, { deed: 'delete from', signedIn });
}
