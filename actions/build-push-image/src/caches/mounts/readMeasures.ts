import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What lies in a cache mount that is not empty. */
export interface Measure {
  readonly key: string;
  readonly bytes: number;
  /** Changes with names, sizes, owners, modes and times of its files. */
  readonly fingerprint: string;
}

/** Reads what the measuring build wrote into a folder: `KiB path sum -` in a file a mount. */
export async function readMeasures(folder: string): Promise<Measure[]> {
  const keys = (await readdir(folder)).filter((name) => /^[0-9a-f]{16}$/.test(name));
  const read = keys.map(async (key) => {
    const text = await readFile(join(folder, key), 'utf8');
    const [, size, fingerprint] = /^(\d+)\s+\S+\s+([0-9a-f]{64})\b/.exec(text) ?? [];
    if (size === undefined || fingerprint === undefined) return [];
    return [{ key, bytes: Number(size) * 1024, fingerprint }];
  });
  return (await Promise.all(read)).flat();
}
