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

/**
 * Packs a build context without what `.dockerignore` names. Owners and times of access are left out; a
 * Dockerfile from outside is added under a name of its own.
 *
 * @param dockerfile an absolute path, as is `context`
 */
export async function packContext(context: string, dockerfile: string): Promise<PackedContext> {
  const listed = await listContext(context, dockerfile);
  const name = listed.dockerfile ?? nameOutside(dockerfile, listed.paths);
  const outside = listed.dockerfile === undefined ? dockerfile : undefined;
  const pack = new Pack({
    cwd: context,
    portable: true,
    noDirRecurse: true,
    // An absolute path, which only the Dockerfile from outside has, keeps its root until here.
    preservePaths: true,
    maxReadSize: pieceBytes,
    onWriteEntry(entry) {
      if (entry.path === outside) entry.path = name;
    },
  });
  for (const path of listed.paths) pack.add(path);
  if (outside !== undefined) pack.add(outside);
  pack.end();
  const stream = createGzip({ level });
  const source = Readable.from(pack, { objectMode: false });
  source.on('error', (error) => stream.destroy(error));
  // Between two of its chunks nobody else listens, and an error would end the process.
  pack.on('error', (error) => stream.destroy(error as Error));
  stream.on('close', () => source.destroy());
  source.pipe(stream);
  return { stream, dockerfile: name, files: listed.paths.length };
}
