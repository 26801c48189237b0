import type { DeployedImage } from '../../../../shared/github/DeploymentRecord.ts';
import {
  formatReference,
  type PinnedReference,
  parseReference,
  pin,
} from '../../../../shared/oci/Reference.ts';

/** Those images of which the content is known, each once; the others name nothing for certain. */
export function pinnedImages(images: readonly string[]): readonly PinnedReference[] {
  const pinned = images.flatMap((image): PinnedReference[] => {
    try {
      const reference = parseReference(image);
      return reference.digest?.startsWith('sha256:') ? [pin(reference, reference.digest)] : [];
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      return [];
    }
  });
  return [...new Map(pinned.map((image) => [formatReference(image), image])).values()];
}

/** As GitHub's deployments have them: people know an image by the end of its path. */
export function deployedImages(images: readonly PinnedReference[]): readonly DeployedImage[] {
  return images.map((image) => ({
    name: image.repository.slice(image.repository.lastIndexOf('/') + 1),
    reference: formatReference(image),
  }));
}
