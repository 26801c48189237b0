import { Failure } from '../../../shared/failure/Failure.ts';
import { findImages } from '../../../shared/helm/manifests/findImages.ts';
import { oneLine } from '../../../shared/log/oneLine.ts';

/** As many are read. */
const mostListed = 10;

/** @throws {Failure} when a container has an image by tag, which may be another one tomorrow */
export function checkPinnedImages(text: string): void {
  const images = findImages(text).map(({ image }) => image);
  const unpinned = [...new Set(images.filter((image) => !/@sha(256|512):/.test(image)))];
  if (unpinned.length === 0) return;
  const more = unpinned.length > mostListed ? ` and ${unpinned.length - mostListed} more` : '';
  const listed = unpinned.slice(0, mostListed).map((image) => oneLine(image));
  throw new Failure({
    what: `Images are not pinned, and require-pinned is set: ${listed.join(', ')}${more}.`,
    why: 'A tag may be another image tomorrow',
    remedy:
      'Give each by its digest in `images`, or write the digest into the values or manifests.',
  });
}
