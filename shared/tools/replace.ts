import { rename, rm } from 'node:fs/promises';

/** Puts a folder in the place of what an earlier attempt, which was cut off, may have left there. */
export async function replace(folder: string, target: string): Promise<void> {
  await rm(target, { recursive: true, force: true });
  await rename(folder, target);
}
