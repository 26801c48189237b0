import { Failure } from '../../../shared/failure/Failure.ts';
import { findImages } from '../../../shared/helm/manifests/findImages.ts';
import { bareImage } from '../../../shared/helm/manifests/isNamed.ts';
import { oneLine } from '../../../shared/log/oneLine.ts';

/** As many are read. */
const mostListed = 10;

/**
 * @param found for each name of the input `images`, the images that it stood for
 * @param text of the objects, to tell which images there are
 * @throws {Failure} when a name stood for none, or for more than one
 */
export function checkPlaced(found: ReadonlyMap<string, ReadonlySet<string>>, text: string): void {
  for (const [name, stoodFor] of found) {
    const bare = new Set([...stoodFor].map(bareImage));
    if (bare.size === 1) continue;
    if (bare.size > 1) {
      throw new Failure({
        what: `Input images: ${oneLine(name)} is the name of ${[...bare].map((one) => oneLine(one)).join(' and ')}.`,
        remedy: 'Write the whole name of the one that is meant, with its registry.',
      });
    }
    const all = [...new Set(findImages(text).map(({ image }) => oneLine(image)))];
    throw new Failure({
      what: `Input images: ${oneLine(name)} is neither a value of the chart nor an image of a container.`,
      why:
        all.length === 0
          ? 'No container is described in it'
          : `Its containers have ${all.slice(0, mostListed).join(', ')}`,
      remedy:
        'Write the name of one of them before the equals sign, or the path under which the chart’s values.yaml has the image.',
    });
  }
}
