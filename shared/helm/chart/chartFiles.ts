import { Buffer } from 'node:buffer';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { Parser } from 'tar';

/** By path in the chart. */
export type ChartFiles = ReadonlyMap<string, Buffer>;

/** What is read of a chart; the rest may be large. */
const read =
  /^(Chart\.yaml|requirements\.yaml|values\.(yaml|schema\.json)|(templates|crds|charts)\/.*)$/;

/** The most that an archive may become. */
const largest = 100 * 1024 * 1024;

/** Reads a chart's folder or archive. */
export async function chartFiles(path: string): Promise<ChartFiles> {
  if ((await stat(path)).isFile()) return archiveFiles(await readFile(path));
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(path, join(entry.parentPath, entry.name)))
    .filter((name) => read.test(name))
    .sort();
  const files = paths.map(async (name): Promise<[string, Buffer]> => {
    // A link that leads nowhere is for Helm to tell.
    const content = await readFile(join(path, name)).catch(() => Buffer.alloc(0));
    return [name, content];
  });
  return new Map(await Promise.all(files));
}

/**
 * Reads a chart's archive, whose files lie in one folder of the chart's name.
 *
 * @throws {Error} when it is no archive, or much larger than it looks
 */
export async function archiveFiles(archive: Uint8Array): Promise<ChartFiles> {
  const files = new Map<string, Buffer>();
  let size = 0;
  await new Promise<void>((resolve, reject) => {
    const parser = new Parser({
      strict: true,
      onReadEntry: (entry) => {
        const name = entry.path.replace(/^(\.\/)?[^/]+\//, '');
        if (entry.type !== 'File' || !read.test(name)) return entry.resume();
        size += entry.size;
        if (size > largest) return reject(new Error('it is larger than 100 MiB'));
        const chunks: Buffer[] = [];
        entry.on('data', (chunk: Buffer) => chunks.push(chunk));
        entry.on('end', () => files.set(name, Buffer.concat(chunks)));
      },
    });
    parser.on('end', resolve);
    parser.on('error', reject);
    parser.end(Buffer.from(archive));
  });
  return files;
}
