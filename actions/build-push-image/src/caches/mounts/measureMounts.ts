import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { helperDockerfile } from './helperDockerfile.ts';
import type { MountKeeper } from './MountKeeper.ts';
import { type Measure, readMeasures } from './readMeasures.ts';

/**
 * What lies in the mounts now; those that are empty are absent.
 *
 * @throws {Failure} when the builder cannot tell
 */
export async function measureMounts({
  mounts,
  build,
  tempDir,
  nonce,
}: Pick<MountKeeper, 'mounts' | 'build' | 'tempDir' | 'nonce'>): Promise<Measure[]> {
  const once = nonce();
  const folder = join(tempDir, `measures-${once}`);
  try {
    await build(helperDockerfile.measure(mounts, once), `type=local,dest=${folder}`);
    return await readMeasures(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
