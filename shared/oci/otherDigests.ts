import { type Digest, formatReference, type PinnedReference, pin } from './Reference.ts';
import type { RegistryClient } from './RegistryClient.ts';
import { readManifest } from './readManifest.ts';
import { sideBySide } from './sideBySide.ts';

/** An index of more is none of an image. */
const mostPlatforms = 32;

/**
 * Under which other digests tools know an image: those of its configuration (Docker's image ID) and,
 * where it is an index, of the manifests of its platforms and of their configurations.
 *
 * @throws {Failure} when the registry has no such image, or refuses
 */
export async function otherDigests(
  image: PinnedReference,
  registry: Pick<RegistryClient, 'manifest'>,
): Promise<readonly Digest[]> {
  const { config, manifests = [] } = await read(image, registry);
  const own = config === undefined ? [] : [config.digest];
  const platforms = manifests
    .filter(({ annotations }) => annotations?.['vnd.docker.reference.type'] === undefined)
    .slice(0, mostPlatforms);
  const inside = await sideBySide(platforms, 4, async ({ digest }) => {
    const { config } = await read(pin(image, digest), registry);
    return [digest, ...(config === undefined ? [] : [config.digest])];
  });
  return [...own, ...inside.flat()];
}

async function read(image: PinnedReference, registry: Pick<RegistryClient, 'manifest'>) {
  return readManifest((await registry.manifest(image)).bytes, formatReference(image));
}
