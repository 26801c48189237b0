import type { Metadata } from './makeMetadata.ts';

/** For a builder that puts none on an image. */
export function withoutAnnotations(metadata: Metadata): Metadata {
  const json = { ...(JSON.parse(metadata.json) as object), annotations: [] };
  return { ...metadata, annotations: [], json: JSON.stringify(json) };
}
