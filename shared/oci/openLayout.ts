import { createReadStream } from 'node:fs';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { extract } from 'tar';
import { Failure } from '../failure/Failure.ts';
import type { Content } from './Content.ts';
import { digestOf } from './putManifest.ts';
import type { Digest } from './Reference.ts';
import { type ManifestFields, readManifest } from './readManifest.ts';

export interface Layout extends Content, AsyncDisposable {
  /** What the layout is of: one image, or one index. */
  readonly digest: Digest;
  /** Where its content lies until it is closed. */
  readonly folder: string;
}

/**
 * Opens an OCI image layout as BuildKit writes it (`type=oci`): a folder (`tar=false`), or a tar
 * archive, which is unpacked into `tempDir` until the layout is closed.
 *
 * @throws {Failure} when it is no layout, or one of several images
 */
export async function openLayout(path: string, tempDir: string): Promise<Layout> {
  if ((await stat(path)).isDirectory()) return openFolder(path, async () => {});
  const folder = await mkdtemp(join(tempDir, 'layout-'));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    await extract({ file: path, cwd: folder, strict: true });
    return await openFolder(folder, remove);
  } catch (error) {
    await remove();
    throw error;
  }
}

async function openFolder(folder: string, close: () => Promise<void>): Promise<Layout> {
  const index = await readIndex(folder);
  // BuildKit lists an image once for each of its names.
  const roots = new Map((index.manifests ?? []).map((root) => [root.digest, root]));
  const [root, ...others] = roots.values();
  if (root === undefined || others.length > 0) {
    throw new Failure({
      what: `The OCI layout ${folder} holds ${roots.size} images, where one is expected.`,
      remedy: 'Export one build into it (`type=oci`).',
    });
  }
  return {
    digest: root.digest,
    folder,
    async manifest(digest) {
      const bytes = await readFile(blobPath(folder, digest));
      if (digest.startsWith('sha256:') && digestOf(bytes) !== digest) {
        throw new Failure({
          what: `${digest} in the OCI layout ${folder} has another content than its name says.`,
          remedy: 'Export it again; look at the disk if it stays.',
        });
      }
      const { mediaType } = readManifest(bytes, digest);
      return { digest, mediaType: mediaType ?? root.mediaType, bytes };
    },
    openBlob: async (digest, offset) =>
      createReadStream(blobPath(folder, digest), { start: offset }),
    [Symbol.asyncDispose]: close,
  };
}

async function readIndex(folder: string): Promise<ManifestFields> {
  const path = join(folder, 'index.json');
  try {
    return readManifest(await readFile(path), path);
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    throw new Failure({
      what: `${folder} is not an OCI layout: it has no index.json.`,
      remedy: 'Export the build with `type=oci`.',
      cause,
    });
  }
}

function blobPath(folder: string, digest: Digest): string {
  return join(folder, 'blobs', ...digest.split(':'));
}
