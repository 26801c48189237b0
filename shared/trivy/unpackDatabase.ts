import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { extract } from 'tar';
import { Failure } from '../failure/Failure.ts';
import { explainNetworkError } from '../http/explainNetworkError.ts';
import { oneLine } from '../log/oneLine.ts';
import type { Content } from '../oci/Content.ts';
import { isPassing, Passing } from '../oci/Passing.ts';
import type { Digest } from '../oci/Reference.ts';
import { type Descriptor, readManifest } from '../oci/readManifest.ts';

/** The one layer of the artifact (github.com/aquasecurity/trivy-db, "pkg/metadata" and its Makefile). */
const layerType = 'application/vnd.aquasec.trivy.db.layer.v1.tar+gzip';

/** The database is 1 GB and grows; what is so much larger is none, but would fill the disk. */
const largestFile = 32 * 1024 ** 3;

/**
 * Takes the database out of an OCI artifact into `<folder>/db`. Only what has the size and the digest
 * that the manifest names is unpacked.
 *
 * @throws {Failure} when the artifact is another one; a `Passing` when it did not come whole
 */
export async function unpackDatabase(
  content: Content,
  digest: Digest,
  folder: string,
  signal?: AbortSignal,
): Promise<void> {
  const { bytes } = await content.manifest(digest);
  const { layers = [] } = readManifest(bytes, digest);
  const layer = layers.find(({ mediaType }) => mediaType === layerType);
  if (layer === undefined) {
    const types = layers.map(({ mediaType }) => mediaType).join(', ');
    throw new Failure({
      what: 'What is there is not a vulnerability database of Trivy.',
      why: `It holds ${oneLine(types || 'nothing')}, and a database is ${layerType}.`,
      remedy: 'Check db-repository; a database has the tag 2.',
    });
  }
  const archive = join(folder, 'db.tar.gz');
  await fetchLayer(content, layer, archive, signal);
  await unpackArchive(archive, folder);
  await rm(archive);
}

/**
 * Unpacks the database as the layer of the artifact is: `trivy.db` and `metadata.json`, packed.
 *
 * @throws {Failure} when it cannot be unpacked
 */
export async function unpackArchive(archive: string, folder: string): Promise<void> {
  const cwd = join(folder, 'db');
  await mkdir(cwd, { recursive: true });
  try {
    await extract({
      file: archive,
      cwd,
      strict: true,
      filter: (path, entry) =>
        /^(?:\.\/)?(?:trivy\.db|metadata\.json)$/.test(path) && entry.size <= largestFile,
    });
  } catch (cause) {
    throw new Failure({
      what: 'The archive of the vulnerability database cannot be unpacked.',
      why: cause instanceof Error ? oneLine(cause.message) : undefined,
      remedy: 'Make the copy again, and look whether the disk is full.',
      cause,
    });
  }
}

async function fetchLayer(
  content: Content,
  { digest, size }: Descriptor,
  path: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const hash = createHash(digest.startsWith('sha512:') ? 'sha512' : 'sha256');
  let received = 0;
  try {
    await pipeline(
      await content.openBlob(digest, 0),
      async function* (source: AsyncIterable<Buffer>) {
        for await (const chunk of source) {
          received += chunk.length;
          if (received > size) return;
          hash.update(chunk);
          yield chunk;
        }
      },
      createWriteStream(path, { mode: 0o600 }),
      { ...(signal && { signal }) },
    );
  } catch (cause) {
    // Its stream is destroyed when we read no further, and says so.
    if (received > size) throw notWhole(`more than its ${size} bytes came`, cause);
    if (!isPassing(cause) || cause instanceof Passing) throw cause;
    throw notWhole(`after ${received} of ${size} bytes, ${explainNetworkError(cause)}`, cause);
  }
  const seen = hash.digest('hex');
  if (received !== size) throw notWhole(`${received} of ${size} bytes came`);
  if (seen !== digest.split(':')[1]) throw notWhole(`its content is not that of ${digest}`);
}

function notWhole(why: string, cause?: unknown): Passing {
  return new Passing(
    {
      what: 'The vulnerability database did not come whole.',
      why,
      remedy:
        'Run the step again; a proxy between here and the registry can cut or change answers.',
      cause,
    },
    { atMost: 5 },
  );
}

/** Computes what names a file that nobody else has named. */
export async function digestOfFile(path: string): Promise<Digest> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return `sha256:${hash.digest('hex')}` as Digest;
}
