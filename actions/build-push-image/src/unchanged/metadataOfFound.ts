import { type Metadata, metadataJson } from '../metadata/makeMetadata.ts';
import type { ImageFacts } from '../progress/imageFacts.ts';

/** What differs though the inputs are the same: of such a label an image that was found has its own. */
const passing = /^org\.opencontainers\.image\.(?:created|revision|version)$/;

export const revision = 'org.opencontainers.image.revision';

/**
 * What is told of an image that was found: the names are this run's, but its labels and annotations tell the
 * commit that it was really built from. As long as the registry has not told of it, those are left out.
 */
export function metadataOfFound(metadata: Metadata, facts: ImageFacts | undefined): Metadata {
  const [image] = facts?.platforms ?? [];
  const labels = Object.fromEntries(
    Object.entries(metadata.labels).flatMap(([key, value]) => {
      const own = passing.test(key) ? image?.labels[key] : value;
      return own === undefined ? [] : [[key, own]];
    }),
  );
  const annotations = metadata.annotations.flatMap((line) => {
    const [, level = '', key = ''] = /^((?:[^=:]*:)?)([^=]*)=/.exec(line) ?? [];
    if (!passing.test(key)) return [line];
    const own = image?.annotations[key] ?? facts?.annotations[key];
    return own === undefined ? [] : [`${level}${key}=${own}`];
  });
  const known = { ...metadata, labels, annotations };
  return { ...known, json: metadataJson(known) };
}
