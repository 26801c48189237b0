import { formatReference } from '../../../../shared/oci/Reference.ts';
import type { Metadata } from './makeMetadata.ts';

/** What the file says; docker/metadata-action writes one for each. */
export type BakePart = 'tags' | 'labels' | 'annotations';

/**
 * The definition that a bake file's targets inherit (`inherits = ["docker-metadata-action"]`), with
 * the arguments that docker/metadata-action passes beside the tags.
 */
export function bakeFile(
  metadata: Metadata,
  parts: readonly BakePart[] = ['tags', 'labels'],
  target = 'docker-metadata-action',
): string {
  const { tags, labels, annotations, images, version } = metadata;
  const definition = {
    ...(parts.includes('tags') && { tags: tags.map(formatReference) }),
    ...(parts.includes('labels') && { labels }),
    ...(parts.includes('annotations') && { annotations }),
    ...(parts.includes('tags') && {
      args: {
        DOCKER_META_IMAGES: images.map(formatReference).join(','),
        DOCKER_META_VERSION: version ?? '',
      },
    }),
  };
  return JSON.stringify({ target: { [target]: definition } }, null, 2);
}
