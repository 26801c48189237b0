import type { Metadata } from './makeMetadata.ts';

/** The names alone, for a builder that puts nothing else on an image. */
export function withoutLabels(metadata: Metadata): Metadata {
  const json = { ...(JSON.parse(metadata.json) as object), labels: {}, annotations: [] };
  return { ...metadata, labels: {}, annotations: [], json: JSON.stringify(json) };
}
