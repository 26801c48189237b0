import { formatReference, type PinnedReference } from '../../oci/Reference.ts';
import { findImages } from './findImages.ts';
import { isNamed } from './isNamed.ts';

/** An image by digest, and the name by which the objects have it. */
export interface NamedImage {
  readonly name: string;
  readonly image: PinnedReference;
}

export interface Placed<T> {
  readonly objects: readonly T[];
  /** For each name, the images that it stood for. None: no container has it. */
  readonly found: ReadonlyMap<string, ReadonlySet<string>>;
}

/**
 * Puts images by digest in the place of those that the objects' containers have by name. Nothing else
 * of a text is touched.
 */
export function placeImages<T extends { readonly text: string }>(
  objects: readonly T[],
  images: readonly NamedImage[],
): Placed<T> {
  const found = new Map(images.map(({ name }) => [name, new Set<string>()]));
  if (images.length === 0) return { objects, found };
  const placed = objects.map((object) => {
    let text = object.text;
    // From the end, so that what comes before stays where it is.
    for (const use of findImages(text).toReversed()) {
      const wanted = images.find(({ name }) => isNamed(use.image, name));
      if (wanted === undefined) continue;
      found.get(wanted.name)?.add(use.image);
      const reference = JSON.stringify(formatReference(wanted.image));
      text = text.slice(0, use.from) + reference + text.slice(use.to);
    }
    return text === object.text ? object : { ...object, text };
  });
  return { objects: placed, found };
}
