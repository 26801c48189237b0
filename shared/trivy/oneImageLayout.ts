import { mkdtemp, readFile, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { extract } from 'tar';
import type { Layout } from '../oci/openLayout.ts';
import type { Digest } from '../oci/Reference.ts';

/**
 * Makes a layout of one image that a larger one holds: of a layout with an index Trivy takes an image
 * of its own choice, whatever platform it is told. The blobs stay where they are.
 *
 * @returns its folder
 */
export async function oneImageLayout(
  layout: Layout,
  digest: Digest,
  tempDir: string,
): Promise<string> {
  const folder = await mkdtemp(join(tempDir, 'image-'));
  const { mediaType, bytes } = await layout.manifest(digest);
  await Promise.all([
    symlink(resolve(layout.folder, 'blobs'), join(folder, 'blobs')),
    writeFile(join(folder, 'oci-layout'), JSON.stringify({ imageLayoutVersion: '1.0.0' })),
    writeFile(
      join(folder, 'index.json'),
      JSON.stringify({ schemaVersion: 2, manifests: [{ mediaType, digest, size: bytes.length }] }),
    ),
  ]);
  return folder;
}

/**
 * How many images an archive of Docker's own form holds (`docker save`, `type=docker`).
 *
 * @returns `undefined` for one of another form
 */
export async function imagesOfArchive(path: string, tempDir: string): Promise<number | undefined> {
  const cwd = await mkdtemp(join(tempDir, 'archive-'));
  await extract({
    file: path,
    cwd,
    strict: true,
    filter: (name) => name.replace(/^\.\//, '') === 'manifest.json',
  });
  try {
    const images: unknown = JSON.parse(await readFile(join(cwd, 'manifest.json'), 'utf8'));
    return Array.isArray(images) ? images.length : undefined;
  } catch {
    return undefined;
  }
}
