import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { Failure } from '../failure/Failure.ts';
import { oneLine } from '../log/oneLine.ts';
import type { Digest } from '../oci/Reference.ts';
import { takeTurns } from '../process/takeTurns.ts';

/** A vulnerability database on this machine. */
export interface Database {
  /** What Trivy is given as its cache folder. */
  readonly cacheDir: string;
  /** Where it came from: a reference with digest, or a path. */
  readonly source: string;
  readonly digest: Digest;
  /** When its publisher made it. */
  readonly updatedAt: Date;
}

export interface DatabaseOptions {
  /** Where databases are kept, one a digest. */
  readonly folder: string;
  /** Fetches the database into `<cacheDir>/db`. */
  readonly download: (cacheDir: string) => Promise<void>;
  readonly signal?: AbortSignal;
  readonly now?: () => number;
}

/** A database is about 1 GB: only the last ones are kept, and those that a scan may just be reading. */
const keptDatabases = 2;
const inUseMs = 3_600_000;

const Metadata = v.object({
  Version: v.literal(2),
  UpdatedAt: v.pipe(
    v.string(),
    v.transform((text) => new Date(text)),
    v.date(),
  ),
});

/**
 * Gives the database of a digest, from this machine where it is here. Since its folder is named by the
 * digest, nobody is ever given another or an older one, and jobs that scan are not disturbed by one
 * that fetches. Jobs that need the same one take turns.
 *
 * @throws {Failure} when what came is not a database; `download`'s own error when it did not come
 */
export async function provideDatabase(
  { source, digest }: Pick<Database, 'source' | 'digest'>,
  { folder, download, signal, now = Date.now }: DatabaseOptions,
): Promise<Database> {
  const cacheDir = join(folder, digest.replace(':', '-'));
  await mkdir(folder, { recursive: true });
  if (!existsSync(cacheDir)) {
    await takeTurns(folder, signal, async () => {
      if (existsSync(cacheDir)) return;
      await removeOld(folder, now());
      await fetchInto(cacheDir, folder, download);
    });
  }
  const updatedAt = await readMetadata(cacheDir);
  const time = new Date(now());
  await utimes(cacheDir, time, time);
  return { cacheDir, source, digest, updatedAt };
}

/** The folder appears whole or not at all. */
async function fetchInto(
  cacheDir: string,
  folder: string,
  download: (cacheDir: string) => Promise<void>,
): Promise<void> {
  const fresh = await mkdtemp(join(folder, '.fetch-'));
  try {
    await download(fresh);
    await readMetadata(fresh);
    await rename(fresh, cacheDir);
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

/** @throws {Failure} when there is no database in that folder */
export async function readMetadata(cacheDir: string): Promise<Date> {
  try {
    await stat(join(cacheDir, 'db', 'trivy.db'));
    const text = await readFile(join(cacheDir, 'db', 'metadata.json'), 'utf8');
    return v.parse(Metadata, JSON.parse(text)).UpdatedAt;
  } catch (cause) {
    throw new Failure({
      what: 'What was fetched is not a vulnerability database of Trivy.',
      why: cause instanceof Error ? `${oneLine(cause.message)}.` : undefined,
      remedy: 'Check db-repository, and try again.',
      cause,
    });
  }
}

/** Runs while the turn is ours, so that what an interrupted download left can go as well. */
async function removeOld(folder: string, now: number): Promise<void> {
  const found = await Promise.all(
    (await readdir(folder)).map(async (name) => {
      const path = join(folder, name);
      return { path, half: name.startsWith('.fetch-'), used: (await stat(path)).mtimeMs };
    }),
  );
  const whole = found.filter(({ half }) => !half).toSorted((a, b) => b.used - a.used);
  const old = whole.slice(keptDatabases - 1).filter(({ used }) => now - used > inUseMs);
  for (const { path } of [...old, ...found.filter(({ half }) => half)]) {
    await rm(path, { recursive: true, force: true });
  }
}
