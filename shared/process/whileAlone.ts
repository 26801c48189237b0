import { lock } from 'proper-lockfile';

/** The lock of a process that died is taken over after this time. */
const staleMs = 30_000;

/**
 * Does work at once, and tells it whether it is the only one of its kind on this machine now.
 *
 * @param folder names the work; it has to exist
 */
export async function whileAlone<T>(
  folder: string,
  work: (alone: boolean) => Promise<T>,
): Promise<T> {
  let release: (() => Promise<void>) | undefined;
  try {
    release = await lock(folder, { stale: staleMs, lockfilePath: `${folder}/alone.lock` });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ELOCKED') throw error;
  }
  try {
    return await work(release !== undefined);
  } finally {
    await release?.();
  }
}
