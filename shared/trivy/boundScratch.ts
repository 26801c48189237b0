import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** An image is read as a stream; only a file that is looked into lies on the disk, one a worker. */
export const mostScratchBytes = 10 * 1024 ** 3;

/** So soon a bomb of a few megabytes cannot write what would fill a disk. */
const lookEveryMs = 250;

/** What watches a folder, until it is disposed of. */
export interface Bound extends Disposable {
  /** Aborts when there is more in the folder than was allowed. */
  readonly signal: AbortSignal;
}

/**
 * Looks again and again at how much a program has written into its folder: a layer of a few megabytes
 * can hold a file of a terabyte, and a full disk breaks the other jobs of a machine, too.
 */
export function boundScratch(folder: string, most: number): Bound {
  const controller = new AbortController();
  let looks = false;
  const timer = setInterval(async () => {
    if (looks) return;
    looks = true;
    if ((await sizeOf(folder)) > most) controller.abort();
    looks = false;
  }, lookEveryMs);
  return { signal: controller.signal, [Symbol.dispose]: () => clearInterval(timer) };
}

/** On the disk: a file with holes takes less than its size. What goes meanwhile takes nothing. */
async function sizeOf(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const sizes = names.map((name) =>
    lstat(join(folder, name)).then(
      ({ blocks }) => blocks * 512,
      () => 0,
    ),
  );
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}
