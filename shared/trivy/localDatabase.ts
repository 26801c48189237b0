import { existsSync } from 'node:fs';
import { mkdtemp, stat, symlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Failure } from '../failure/Failure.ts';
import { openLayout } from '../oci/openLayout.ts';
import { explainDisk } from './explainDisk.ts';
import { type Database, provideDatabase, readMetadata } from './provideDatabase.ts';
import { digestOfFile, unpackArchive, unpackDatabase } from './unpackDatabase.ts';

export interface LocalOptions {
  /** Where databases are kept, one a digest. */
  readonly folder: string;
  /** A folder of this step's own. */
  readonly tempDir: string;
  readonly signal?: AbortSignal;
}

/**
 * Gives a database that lies on this machine, so that nothing is asked of a network: an OCI layout, in
 * a folder or a tar file; the artifact's layer (`db.tar.gz`); or a folder with `db/` in it, as Trivy's
 * own cache has it.
 *
 * @throws {Failure} when there is none
 */
export async function localDatabase(path: string, options: LocalOptions): Promise<Database> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) {
    throw new Failure({
      what: `There is no vulnerability database at ${path}.`,
      remedy: 'Check the path, and that the step that brings it ran before this one.',
    });
  }
  try {
    return await open(path, found.isDirectory(), options);
  } catch (error) {
    throw explainDisk(error, `The vulnerability database ${path} could not be opened.`);
  }
}

async function open(path: string, isFolder: boolean, options: LocalOptions): Promise<Database> {
  if (isFolder && !existsSync(join(path, 'index.json'))) {
    return ofFolder(path, options);
  }
  if (isFolder || path.endsWith('.tar')) {
    await using layout = await openLayout(path, options.tempDir);
    return await provideDatabase(
      { source: path, digest: layout.digest },
      {
        ...options,
        download: (cacheDir) => unpackDatabase(layout, layout.digest, cacheDir, options.signal),
      },
    );
  }
  return provideDatabase(
    { source: path, digest: await digestOfFile(path) },
    { ...options, download: (cacheDir) => unpackArchive(path, cacheDir) },
  );
}

/** Trivy writes into its cache folder, so that it is given one of ours that leads to the other. */
async function ofFolder(path: string, { tempDir }: LocalOptions): Promise<Database> {
  const db = existsSync(join(path, 'db')) ? join(path, 'db') : path;
  const cacheDir = await mkdtemp(join(tempDir, 'database-'));
  await symlink(resolve(db), join(cacheDir, 'db'));
  const updatedAt = await readMetadata(cacheDir);
  return { cacheDir, source: path, digest: await digestOfFile(join(db, 'trivy.db')), updatedAt };
}
