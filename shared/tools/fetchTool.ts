import { chmod, mkdtemp, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Failure } from '../failure/Failure.ts';
import { download, NotDownloaded } from '../http/download.ts';
import { extractFile } from './extractFile.ts';
import type { Provision } from './provideTool.ts';
import { replace } from './replace.ts';

/**
 * Downloads the program (or the archive that it lies in) and takes it into use once the sum is the
 * one that the lock file keeps.
 *
 * @returns false when there is no archive for this machine, or the network does not give it; why is
 * added to `why`
 * @throws {Failure} when the sum differs: nothing of the archive is kept or run
 */
export async function fetchTool(provision: Provision, why: string[]): Promise<boolean> {
  const { name, tool, context, target } = provision;
  const machine = `${process.platform}-${process.arch}`;
  const archive = tool.archives[machine];
  if (archive === undefined) {
    why.push(`No sum of a released archive for ${machine} is known.`);
    return false;
  }
  const folder = await mkdtemp(join(dirname(target), '.fetch-'));
  try {
    const file = join(folder, 'archive');
    const label = `${name} ${tool.version}: downloading`;
    context.log.debug(`${label} ${archive.url}`);
    const { sha256 } = await download(archive.url, file, {
      env: context.env,
      signal: context.signal,
      onProgress: (received, total) => context.onProgress?.(progress(label, received, total)),
    });
    if (sha256 !== archive.sha256) {
      throw new Failure({
        what: `The download of ${name} ${tool.version} is not the file we know; it was not run.`,
        why: `Its sha256 is ${sha256}; tools.lock.json says ${archive.sha256} (${archive.url}).`,
        remedy:
          'If a proxy rewrites downloads, fix that. Otherwise the release was changed after it was pinned: do not use it, and tell the maintainers.',
      });
    }
    const program =
      archive.path === undefined ? file : await extractFile(file, archive.path, folder);
    if (tool.data !== undefined) {
      await replace(await extractFile(file, tool.data, folder), join(dirname(target), tool.data));
    }
    await chmod(program, 0o755);
    await rename(program, target);
    return true;
  } catch (error) {
    context.signal?.throwIfAborted();
    if (!(error instanceof NotDownloaded)) throw error;
    const { host } = new URL(archive.url);
    why.push(`The download from ${host} failed: ${error.message}.`);
    return false;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function progress(label: string, received: number, total: number | undefined): string {
  const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1);
  return total === undefined
    ? `${label}, ${megabytes(received)} MB`
    : `${label}, ${megabytes(received)} of ${megabytes(total)} MB`;
}
