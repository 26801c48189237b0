import { Buffer } from 'node:buffer';
import { pushBlob, pushManifest } from './pushContent.ts';

export interface Artifact {
  readonly artifactType: string;
  readonly layers: readonly {
    readonly mediaType: string;
    readonly content: Uint8Array;
    /** The file's name, as ORAS writes it. */
    readonly title: string;
  }[];
}

/**
 * Pushes an OCI artifact to a registry without login.
 *
 * @returns its digest
 * @throws {Error} with the registry's answer
 */
export async function pushArtifact(
  base: string,
  repository: string,
  tag: string,
  { artifactType, layers }: Artifact,
): Promise<string> {
  const config = await pushBlob(base, repository, Buffer.from('{}'));
  const pushed = [];
  for (const { mediaType, content, title } of layers) {
    pushed.push({
      mediaType,
      ...(await pushBlob(base, repository, content)),
      annotations: { 'org.opencontainers.image.title': title },
    });
  }
  return pushManifest(base, repository, tag, {
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    config: { mediaType: artifactType, ...config },
    layers: pushed,
  });
}
