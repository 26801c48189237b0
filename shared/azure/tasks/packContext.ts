import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import { Pack } from 'tar/pack';
import { listContext, nameOutside } from './listContext.ts';

export interface PackedContext {
  /** A tar.gz, made as it is read: what is held in memory does not grow with the context. */
  readonly stream: Readable;
  /** Where the Dockerfile is in it. */
  readonly dockerfile: string;
  readonly files: number;
}

/** Most contexts are text that packs well at any level, or images and archives that never do. */
const level = 4;

/** Files are read in pieces of this size; by itself the package takes 16 MB for each of four. */
const pieceBytes = 1024 * 1024;

export interface PackOptions {
  /** What is built in place of the Dockerfile's own text. */
  readonly text?: string | undefined;
  /** A folder of the step's own. */
  readonly tempDir: string;
}

/**
 * Packs a build context without what `.dockerignore` names. Owners and times of access are left out. A
 * Dockerfile from outside, or another text of it, is added under a name of its own, which the builder
 * at the other end is told to ignore: no COPY sees it.
 *
 * @param dockerfile an absolute path, as is `context`
 */
export async function packContext(
  context: string,
  dockerfile: string,
  { text, tempDir }: PackOptions,
): Promise<PackedContext> {
  const listed = await listContext(context, dockerfile);
  const own = text === undefined ? listed.dockerfile : undefined;
  const name = own ?? nameOutside(dockerfile, listed.paths);
  const made = await mkdtemp(join(tempDir, 'context-'));
  /** Where what is not in the context, or is there otherwise, lies; by its absolute path. */
  const added = new Map<string, string>();
  if (own === undefined) {
    const ignoring = join(made, 'ignoring');
    await writeFile(ignoring, await ignoreAlso(name, context, listed.paths));
    added.set(ignoring, ignoreFile);
    const labelled = join(made, 'labelled');
    if (text !== undefined) await writeFile(labelled, text);
    added.set(text === undefined ? dockerfile : labelled, name);
  }
  const pack = new Pack({
    cwd: context,
    portable: true,
    noDirRecurse: true,
    // An absolute path, which only what is added has, keeps its root until here.
    preservePaths: true,
    maxReadSize: pieceBytes,
    onWriteEntry(entry) {
      entry.path = added.get(entry.path) ?? entry.path;
    },
  });
  const names = new Set(added.values());
  for (const path of listed.paths) if (!names.has(path)) pack.add(path);
  for (const path of added.keys()) pack.add(path);
  pack.end();
  const stream = createGzip({ level });
  const source = Readable.from(pack, { objectMode: false });
  source.on('error', (error) => stream.destroy(error));
  // Between two of its chunks nobody else listens, and an error would end the process.
  pack.on('error', (error) => stream.destroy(error as Error));
  stream.on('close', () => {
    source.destroy();
    void rm(made, { recursive: true, force: true });
  });
  source.pipe(stream);
  return { stream, dockerfile: name, files: listed.paths.length };
}

const ignoreFile = '.dockerignore';

/** The ignore file that goes along, and ignores this name as well; itself, where there was none. */
async function ignoreAlso(
  name: string,
  context: string,
  paths: readonly string[],
): Promise<string> {
  const given = paths.includes(ignoreFile)
    ? await readFile(join(context, ignoreFile), 'utf8')
    : ignoreFile;
  return `${given}\n${name}\n`;
}
