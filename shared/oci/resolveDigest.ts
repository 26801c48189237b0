import { type PinnedReference, pin, type Reference } from './Reference.ts';
import type { RegistryClient } from './RegistryClient.ts';

/**
 * Turns a reference into what its tag names now; one that has a digest is checked to exist.
 *
 * @throws {Failure} when the registry has no such image, or refuses
 */
export async function resolveDigest(
  reference: Reference,
  registry: Pick<RegistryClient, 'manifest'>,
): Promise<PinnedReference> {
  const { digest } = await registry.manifest(reference);
  return pin(reference, digest);
}
