import { type PinnedReference, pin } from '../../../../shared/oci/Reference.ts';
import type { RegistryClient } from '../../../../shared/oci/RegistryClient.ts';
import type { CachePlace } from './planCache.ts';

/**
 * What a cache's tag names now.
 *
 * @throws {Failure} when the registry refuses or does not answer
 */
export async function resolveCache(
  { reference }: CachePlace,
  registry: Pick<RegistryClient, 'findDigest'>,
): Promise<PinnedReference | undefined> {
  const digest = await registry.findDigest(reference);
  return digest && pin(reference, digest);
}
