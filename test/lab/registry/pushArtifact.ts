import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';

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
 * Pushes an OCI artifact to a registry without login (OCI distribution specification, "Pushing").
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
  const config = Buffer.from('{}');
  await pushBlob(base, repository, config);
  for (const { content } of layers) await pushBlob(base, repository, content);
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      config: { mediaType: artifactType, digest: digest(config), size: config.length },
      layers: layers.map(({ mediaType, content, title }) => ({
        mediaType,
        digest: digest(content),
        size: content.length,
        annotations: { 'org.opencontainers.image.title': title },
      })),
    }),
  );
  await send(`${base}/v2/${repository}/manifests/${tag}`, 'PUT', 201, manifest, {
    'content-type': 'application/vnd.oci.image.manifest.v1+json',
  });
  return digest(manifest);
}

async function pushBlob(base: string, repository: string, content: Uint8Array): Promise<void> {
  const begun = await send(`${base}/v2/${repository}/blobs/uploads/`, 'POST', 202);
  const location = new URL(begun.headers.get('location') ?? '', base);
  location.searchParams.set('digest', digest(content));
  await send(location.href, 'PUT', 201, content, { 'content-type': 'application/octet-stream' });
}

async function send(
  url: string,
  method: string,
  expected: number,
  body?: Uint8Array,
  headers: Record<string, string> = {},
): Promise<Response> {
  const response = await fetch(url, {
    method,
    headers,
    ...(body && { body: new Uint8Array(body) }),
  });
  if (response.status === expected) return response;
  throw new Error(`${method} ${url} answered ${response.status}: ${await response.text()}`);
}

function digest(content: Uint8Array): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}
