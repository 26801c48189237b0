import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { create } from 'tar';
import { addresses } from '../addresses.ts';

const manifestType = 'application/vnd.oci.image.manifest.v1+json';

/** What makes a small image for a test. */
export interface TestImage {
  /** Where it is pushed to; a tag is optional. */
  readonly repository: string;
  readonly tag?: string;
  /** Content by path; without any the image has no layer. */
  readonly files: Readonly<Record<string, string>>;
  readonly architecture?: string;
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
}: TestImage): Promise<string> {
  const layers = Object.keys(files).length === 0 ? [] : [await archive(files)];
  const config = Buffer.from(
    JSON.stringify({
      architecture,
      os: 'linux',
      config: {},
      rootfs: { type: 'layers', diff_ids: layers.map(digestOf) },
    }),
  );
  const manifest = {
    schemaVersion: 2,
    mediaType: manifestType,
    config: {
      mediaType: 'application/vnd.oci.image.config.v1+json',
      ...(await pushBlob(repository, config)),
    },
    layers: await Promise.all(
      layers.map(async (layer) => ({
        mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip',
        ...(await pushBlob(repository, gzipSync(layer))),
      })),
    ),
  };
  return pushManifest(repository, tag, manifestType, manifest);
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
      const head = await fetch(url(`${repository}/manifests/${digest}`), {
        method: 'HEAD',
        headers: { accept: manifestType },
      });
      const size = Number(head.headers.get('content-length'));
      return { mediaType: manifestType, digest, size, platform: { os, architecture } };
    }),
  );
  return pushManifest(repository, undefined, mediaType, { schemaVersion: 2, mediaType, manifests });
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

async function pushBlob(repository: string, content: Buffer) {
  const digest = digestOf(content);
  const started = await fetch(url(`${repository}/blobs/uploads/`), { method: 'POST' });
  const upload = new URL(started.headers.get('location') ?? '', url(''));
  upload.searchParams.set('digest', digest);
  await put(upload, content, 'application/octet-stream');
  return { digest, size: content.length };
}

async function pushManifest(
  repository: string,
  tag: string | undefined,
  mediaType: string,
  manifest: unknown,
): Promise<string> {
  const content = Buffer.from(JSON.stringify(manifest));
  const digest = digestOf(content);
  await put(new URL(url(`${repository}/manifests/${tag ?? digest}`)), content, mediaType);
  return `${addresses.registry}/${repository}@${digest}`;
}

async function put(address: URL, content: Buffer, mediaType: string): Promise<void> {
  const response = await fetch(address, {
    method: 'PUT',
    body: new Uint8Array(content),
    headers: { 'content-type': mediaType },
  });
  if (!response.ok)
    throw new Error(`${address.pathname}: ${response.status} ${await response.text()}`);
}

function digestOf(content: Buffer): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}

function url(path: string): string {
  return `http://${addresses.registry}/v2/${path}`;
}
