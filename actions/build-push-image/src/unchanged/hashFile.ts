import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { closeSync, createReadStream, openSync, readFile, readSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';

/** The one buffer through which all content goes, so that memory does not grow with the context. */
const buffer = Buffer.allocUnsafe(1024 * 1024);

/** The sha256 of a file that is probably in the system's cache. */
export function hashFile(path: string): string {
  const hash = createHash('sha256');
  const file = openSync(path, 'r');
  try {
    for (;;) {
      const read = readSync(file, buffer);
      hash.update(buffer.subarray(0, read));
      // A file gives less than was asked for only at its end.
      if (read < buffer.length) return hash.digest('hex');
    }
  } finally {
    closeSync(file);
  }
}

/** The same while others are read; by callbacks, which cost half as much as promises here. */
export async function hashFileAsync(path: string, size: number): Promise<string> {
  const hash = createHash('sha256');
  if (size > buffer.length) {
    await pipeline(createReadStream(path, { highWaterMark: buffer.length }), hash);
    return hash.digest('hex');
  }
  return new Promise((resolve, reject) => {
    readFile(path, (error, content) => {
      if (error === null) resolve(hash.update(content).digest('hex'));
      else reject(error);
    });
  });
}
