import { type PinnedReference, parseDigest, pin } from '../../../../shared/oci/Reference.ts';
import type { CachePlace } from './planCache.ts';

/**
 * Which cache a build wrote, by BuildKit's own word: under the tag may lie another one by now.
 *
 * @param metadata what buildx wrote into `--metadata-file`
 * @returns `undefined` when it wrote none
 */
export function readWrittenCache(metadata: string, place: CachePlace): PinnedReference | undefined {
  try {
    const { 'cache.manifest': manifest } = JSON.parse(metadata);
    const { digest } = typeof manifest === 'string' ? JSON.parse(manifest) : manifest;
    return pin(place.reference, parseDigest(digest));
  } catch {
    return undefined;
  }
}
