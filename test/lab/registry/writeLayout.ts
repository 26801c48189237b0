import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { digestOf } from './pushContent.ts';

export interface TestLayout extends Disposable {
  readonly folder: string;
  /** Of the index. */
  readonly digest: string;
  /** Of the single layer of each image. */
  readonly layers: readonly string[];
}

interface LayoutOptions {
  readonly platforms?: readonly string[];
  readonly layerBytes?: number;
}

const manifestType = 'application/vnd.oci.image.manifest.v1+json';
const indexType = 'application/vnd.oci.image.index.v1+json';

/**
 * Writes an OCI layout as BuildKit exports it, without a build: an index of images with one layer of
 * random content each, and their attestations.
 */
export function writeLayout({
  platforms = ['linux/amd64'],
  layerBytes = 1000,
}: LayoutOptions = {}): TestLayout {
  const folder = mkdtempSync(join(tmpdir(), 'layout-'));
  mkdirSync(join(folder, 'blobs/sha256'), { recursive: true });
  const write = (content: Uint8Array, mediaType: string) => {
    const digest = digestOf(content);
    writeFileSync(join(folder, 'blobs', ...digest.split(':')), content);
    return { mediaType, digest, size: content.length };
  };
  const writeJson = (value: object, mediaType: string) =>
    write(Buffer.from(JSON.stringify(value)), mediaType);

  const layers: string[] = [];
  const images = platforms.map((platform) => {
    const [os, architecture] = platform.split('/');
    const layer = write(randomBytes(layerBytes), 'application/vnd.oci.image.layer.v1.tar');
    layers.push(layer.digest);
    const rootfs = { type: 'layers', diff_ids: [layer.digest] };
    const config = writeJson(
      { os, architecture, config: {}, rootfs, created: new Date().toISOString() },
      'application/vnd.oci.image.config.v1+json',
    );
    const image = { schemaVersion: 2, mediaType: manifestType, config, layers: [layer] };
    return { ...writeJson(image, manifestType), platform: { os, architecture } };
  });
  const attestations = images.map(({ digest }) => {
    const statement = writeJson({ subject: [{ digest }] }, 'application/vnd.in-toto+json');
    const config = writeJson(
      { os: 'unknown', architecture: 'unknown', rootfs: { type: 'layers', diff_ids: [digest] } },
      'application/vnd.oci.image.config.v1+json',
    );
    const manifest = { schemaVersion: 2, mediaType: manifestType, config, layers: [statement] };
    return {
      ...writeJson(manifest, manifestType),
      platform: { os: 'unknown', architecture: 'unknown' },
      annotations: {
        'vnd.docker.reference.type': 'attestation-manifest',
        'vnd.docker.reference.digest': digest,
      },
    };
  });
  const index = writeJson(
    { schemaVersion: 2, mediaType: indexType, manifests: [...images, ...attestations] },
    indexType,
  );
  writeFileSync(join(folder, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
  writeFileSync(
    join(folder, 'index.json'),
    JSON.stringify({ schemaVersion: 2, mediaType: indexType, manifests: [index, index] }),
  );
  return {
    folder,
    digest: index.digest,
    layers,
    [Symbol.dispose]: () => rmSync(folder, { recursive: true }),
  };
}
