import { Buffer } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { create, Header } from 'tar';
import { addresses } from '../addresses.ts';
import { digestOf, pushBlob, pushManifest } from './pushContent.ts';

const base = `http://${addresses.registry}`;
const manifestType = 'application/vnd.oci.image.manifest.v1+json';

/** What makes a small image for a test. */
export interface TestImage {
  /** Where it is pushed to; a tag is optional. */
  readonly repository: string;
  readonly tag?: string;
  /** Content by path; without any the image has no layer. */
  readonly files: Readonly<Record<string, string>>;
  readonly architecture?: string;
  /** A file of zeros besides, of so many MiB: packed it takes a thousandth of that. */
  readonly bomb?: { readonly path: string; readonly mebibytes: number };
}

/**
 * Pushes an image of one layer to the lab's registry, without a build.
 *
 * @returns `registry/repository@digest`
 */
export async function pushImage({
  repository,
  tag,
  files,
  architecture = 'amd64',
  bomb,
}: TestImage): Promise<string> {
  const layers = Object.keys(files).length === 0 ? [] : [ofArchive(await archive(files))];
  if (bomb !== undefined) layers.push(ofZeros(bomb));
  const config = Buffer.from(
    JSON.stringify({
      architecture,
      os: 'linux',
      config: {},
      rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) },
    }),
  );
  const manifest = {
    schemaVersion: 2,
    mediaType: manifestType,
    config: {
      mediaType: 'application/vnd.oci.image.config.v1+json',
      ...(await pushBlob(base, repository, config)),
    },
    layers: await Promise.all(
      layers.map(async ({ packed }) => ({
        mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip',
        ...(await pushBlob(base, repository, packed)),
      })),
    ),
  };
  return `${addresses.registry}/${repository}@${await pushManifest(base, repository, tag, manifest)}`;
}

/**
 * Pushes an index of images that are already in the repository.
 *
 * @param platforms `os/architecture` of each image, by its reference
 * @returns `registry/repository@digest`
 */
export async function pushIndex(
  repository: string,
  platforms: Readonly<Record<string, string>>,
): Promise<string> {
  const mediaType = 'application/vnd.oci.image.index.v1+json';
  const manifests = await Promise.all(
    Object.entries(platforms).map(async ([reference, platform]) => {
      const digest = reference.split('@')[1] ?? '';
      const [os, architecture] = platform.split('/');
      const head = await fetch(`${base}/v2/${repository}/manifests/${digest}`, {
        method: 'HEAD',
        headers: { accept: manifestType },
      });
      const size = Number(head.headers.get('content-length'));
      return { mediaType: manifestType, digest, size, platform: { os, architecture } };
    }),
  );
  const index = { schemaVersion: 2, mediaType, manifests };
  return `${addresses.registry}/${repository}@${await pushManifest(base, repository, undefined, index)}`;
}

interface Layer {
  readonly diffId: string;
  readonly packed: Uint8Array;
}

function ofArchive(content: Buffer): Layer {
  return { diffId: digestOf(content), packed: gzipSync(content) };
}

/** Never unpacked here: the same packed zeros follow one another, and the layer's own digest is made up. */
function ofZeros({ path, mebibytes }: NonNullable<TestImage['bomb']>): Layer {
  const header = new Header({ path, mode: 0o644, type: 'File', size: mebibytes * 1024 ** 2 });
  header.encode();
  const zeros = gzipSync(Buffer.alloc(1024 ** 2));
  const packed = Buffer.concat([
    gzipSync(header.block ?? Buffer.alloc(0)),
    ...Array.from({ length: mebibytes }, () => zeros),
    gzipSync(Buffer.alloc(1024)),
  ]);
  return { diffId: digestOf(Buffer.from(randomUUID())), packed };
}

async function archive(files: TestImage['files']): Promise<Buffer> {
  const folder = mkdtempSync(join(tmpdir(), 'layer-'));
  try {
    const root = join(folder, 'root');
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), content);
    }
    const file = join(folder, 'layer.tar');
    await create({ file, cwd: root, portable: true, mtime: new Date(0) }, ['.']);
    return await readFile(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
