import { copyFile, mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { create } from 'tar';
import { silent } from '../../../shared/log/Log.ts';
import { type Digest, type PinnedReference, pin } from '../../../shared/oci/Reference.ts';
import type { RegistryClient } from '../../../shared/oci/RegistryClient.ts';
import { readManifest } from '../../../shared/oci/readManifest.ts';
import { registryContent } from '../../../shared/oci/registryContent.ts';

/**
 * Writes what a registry holds as an OCI layout; beside it, with `.tar`, as an archive of it, and with
 * `.docker.tar` its first image in the form of `docker save`.
 *
 * @returns the layout's folder
 */
export async function writePulled(
  reference: PinnedReference,
  registry: RegistryClient,
  parent: string,
): Promise<string> {
  const folder = await mkdtemp(join(parent, 'pulled-'));
  await mkdir(join(folder, 'blobs/sha256'), { recursive: true });
  const content = registryContent(registry, reference, { until: Date.now() + 30_000, log: silent });
  const path = (digest: Digest) => join(folder, 'blobs', ...digest.split(':'));

  async function pull(digest: Digest): Promise<void> {
    const { bytes } = await registry.manifest(pin(reference, digest));
    await writeFile(path(digest), bytes);
    const { manifests = [], config, layers = [] } = readManifest(bytes, digest);
    for (const each of manifests) await pull(each.digest);
    for (const blob of config === undefined ? layers : [config, ...layers]) {
      await writeFile(path(blob.digest), await content.openBlob(blob.digest, 0));
    }
  }

  await pull(reference.digest);
  const { mediaType, bytes } = await registry.manifest(reference);
  const root = { mediaType, digest: reference.digest, size: bytes.length };
  await writeFile(join(folder, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
  await writeFile(
    join(folder, 'index.json'),
    JSON.stringify({ schemaVersion: 2, manifests: [root] }),
  );
  await create({ file: `${folder}.tar`, cwd: folder }, ['.']);
  const first = readManifest(bytes, reference.digest).manifests?.[0]?.digest ?? reference.digest;
  await saveAsDocker(pin(reference, first), registry, path, `${folder}.docker`);
  return folder;
}

async function saveAsDocker(
  image: PinnedReference,
  registry: RegistryClient,
  path: (digest: Digest) => string,
  folder: string,
): Promise<void> {
  const { bytes } = await registry.manifest(image);
  const { config, layers = [] } = readManifest(bytes, image.digest);
  const names = layers.map((_, at) => `layer-${at}.tar.gz`);
  await mkdir(folder);
  if (config !== undefined) await copyFile(path(config.digest), join(folder, 'config.json'));
  await Promise.all(
    layers.map(({ digest }, at) => copyFile(path(digest), join(folder, names[at] ?? ''))),
  );
  await writeFile(
    join(folder, 'manifest.json'),
    JSON.stringify([{ Config: 'config.json', RepoTags: ['web:1'], Layers: names }]),
  );
  await create({ file: `${folder}.tar`, cwd: folder }, ['.']);
}
