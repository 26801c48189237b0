import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { Entry } from '../../../../shared/context/listContext.ts';
import { hashFile, hashFileAsync } from './hashFile.ts';

/** So much is read in one go; after it whoever waits for the event loop has a turn. */
const batchBytes = 16 * 1024 * 1024;
const batchEntries = 1000;

/** The unit of getrusage's count of blocks, whatever the file system's is. */
const blockSize = 512;

/** How many files a disk is asked for at a time. */
const sideBySide = 16;

/**
 * The sha256 of the entries: of each its path, kind, mode, and content or link's target. Times,
 * owners and inodes are not part of it, since BuildKit does not take them from a context either.
 *
 * What the system has in its cache is read synchronously, which is faster than any way with
 * promises (600 MB/s against 380 MB/s for 20,000 files of 25 KB on 2 cores). When most of a batch
 * came from a disk, the next one is read side by side (1.5 times as fast there).
 */
export async function hashContext(
  root: string,
  entries: readonly Entry[],
  signal?: AbortSignal,
): Promise<string> {
  const all = createHash('sha256');
  let fromDisk = false;
  for (const batch of batches(entries)) {
    const before = blocksRead();
    const contents = fromDisk
      ? await hashSideBySide(root, batch)
      : batch.map((entry) => contentOf(root, entry));
    for (const [index, { kind, path, mode }] of batch.entries()) {
      all.update(`${JSON.stringify([kind, path, mode, contents[index]])}\n`);
    }
    const bytes = batch.reduce((sum, { size }) => sum + size, 0);
    fromDisk = (blocksRead() - before) * blockSize > bytes / 2;
    await setImmediate();
    signal?.throwIfAborted();
  }
  return all.digest('hex');
}

/** What this process has had read from disks until now, in the system's unit. */
function blocksRead(): number {
  return process.resourceUsage().fsRead;
}

function* batches(entries: readonly Entry[]): Generator<readonly Entry[]> {
  let batch: Entry[] = [];
  let bytes = 0;
  for (const entry of entries) {
    batch.push(entry);
    bytes += entry.size;
    if (bytes < batchBytes && batch.length < batchEntries) continue;
    yield batch;
    batch = [];
    bytes = 0;
  }
  yield batch;
}

function contentOf(root: string, { kind, path, target = '' }: Entry): string {
  return kind === 'file' ? hashFile(`${root}/${path}`) : target;
}

async function hashSideBySide(root: string, batch: readonly Entry[]): Promise<readonly string[]> {
  const contents: string[] = [];
  const left = batch.entries();
  const work = async () => {
    for (const [index, entry] of left) {
      contents[index] =
        entry.kind === 'file'
          ? await hashFileAsync(`${root}/${entry.path}`, entry.size)
          : contentOf(root, entry);
    }
  };
  await Promise.all(Array.from({ length: sideBySide }, work));
  return contents;
}
