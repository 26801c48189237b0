import type { Manifest } from './Manifest.ts';
import { type Patience, patiently } from './patiently.ts';
import { putManifest } from './putManifest.ts';
import { formatReference, type Reference } from './Reference.ts';
import type { RegistryClient } from './RegistryClient.ts';

/**
 * Stores a manifest under a tag, or under its digest, through a bad day. When the answer was lost, it
 * is looked up whether the manifest has arrived, so that it is not pushed twice.
 *
 * @throws {BlobUnknown} when the registry does not know what the manifest names
 * @throws {Failure} when it refuses, or the patience is over
 */
export async function pushManifest(
  client: Pick<RegistryClient, 'send' | 'isSignedIn' | 'findDigest'>,
  { registry, repository, tag }: Reference,
  { digest, mediaType, bytes }: Manifest,
  patience: Patience,
): Promise<void> {
  const target: Reference =
    tag === undefined ? { registry, repository, digest } : { registry, repository, tag };
  await patiently(
    `Pushing ${formatReference(target)}`,
    async (tries) => {
      if (tries > 1 && (await client.findDigest(target, { repeatable: false })) === digest) return;
      await putManifest(client, target, bytes, mediaType, false);
    },
    patience,
  );
}
