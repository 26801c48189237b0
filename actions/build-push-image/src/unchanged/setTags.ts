import type { Manifest } from '../../../../shared/oci/Manifest.ts';
import type { Reference } from '../../../../shared/oci/Reference.ts';
import type { RegistryClient } from '../../../../shared/oci/RegistryClient.ts';

/**
 * Sets tags to an image that is in their repository, by putting its manifest once more under each:
 * nothing is pulled. They are set side by side; setting one twice changes nothing.
 *
 * @param tags each of the repository that has the image
 * @throws {Failure} when the registry refuses one
 */
export async function setTags(
  registry: Pick<RegistryClient, 'putManifest'>,
  { bytes, mediaType }: Manifest,
  tags: readonly (Reference & { readonly tag: string })[],
): Promise<void> {
  await Promise.all(
    tags.map(({ registry: host, repository, tag }) =>
      registry.putManifest({ registry: host, repository, tag }, bytes, mediaType),
    ),
  );
}
