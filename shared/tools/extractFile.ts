import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { extract } from 'tar';
import { Failure } from '../failure/Failure.ts';

/**
 * Takes one file or folder out of a tar archive (gzip or plain) whose sum has been checked.
 *
 * @param wanted its path in the archive
 * @returns the path of what was extracted
 * @throws {Failure} when the archive does not hold it
 */
export async function extractFile(
  archive: string,
  wanted: string,
  folder: string,
): Promise<string> {
  await extract({
    file: archive,
    cwd: folder,
    strict: true,
    filter: (path) => plain(path) === wanted || plain(path).startsWith(`${wanted}/`),
  });
  const path = join(folder, wanted);
  if (existsSync(path)) return path;
  throw new Failure({
    what: `The archive holds no ${wanted}.`,
    remedy: 'Correct `path` of this archive in tools.lock.json.',
  });
}

function plain(path: string): string {
  return path.replace(/^\.\//, '');
}
