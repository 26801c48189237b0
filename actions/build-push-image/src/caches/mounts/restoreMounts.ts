import { Failure } from '../../../../../shared/failure/Failure.ts';
import { oneLine } from '../../../../../shared/log/oneLine.ts';
import { formatReference } from '../../../../../shared/oci/Reference.ts';
import { helperDockerfile } from './helperDockerfile.ts';
import type { MountKeeper } from './MountKeeper.ts';
import { measureMounts } from './measureMounts.ts';
import { readSaved, type SavedMounts } from './SavedMounts.ts';

export interface Restored {
  /** What the registry has; `undefined` when there is nothing. */
  readonly saved: SavedMounts | undefined;
  /** After a trouble the mounts may hold less than the registry, which must not be written over. */
  readonly trouble: boolean;
}

/**
 * Fills the cache mounts of a builder that has none yet with what an earlier build left in the
 * registry. BuildKit fetches it; nothing comes through this runner. A trouble is a warning.
 */
export function restoreMounts(keeper: MountKeeper): Promise<Restored> {
  const { log, signal } = keeper;
  return log.group('Restore cache mounts', async () => {
    try {
      const saved = await findSaved(keeper);
      if (saved === undefined) {
        log.info('No earlier build left contents of cache mounts.');
        return { saved, trouble: false };
      }
      const filled = new Set((await measureMounts(keeper)).map(({ key }) => key));
      const wanted = keeper.mounts.filter(
        ({ key }) => saved.fingerprints.has(key) && !filled.has(key),
      );
      if (wanted.length > 0) {
        const from = formatReference(saved.reference);
        await keeper.build(
          helperDockerfile.restore(wanted, from, keeper.nonce()),
          'type=cacheonly',
        );
        log.info(`Restored ${wanted.map(({ id }) => id).join(', ')} from ${from}.`);
      }
      return { saved, trouble: false };
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof Failure)) throw error;
      log.warning(
        `The cache mounts begin empty: what an earlier build left could not be restored. ${oneLine(error.why ?? error.message, 500)}`,
      );
      return { saved: undefined, trouble: true };
    }
  });
}

async function findSaved({
  imports,
  resolve,
  registry,
}: MountKeeper): Promise<SavedMounts | undefined> {
  for (const place of imports) {
    const reference = await resolve(place);
    if (reference === undefined) continue;
    const saved = readSaved(reference, (await registry.manifest(reference)).bytes);
    if (saved !== undefined) return saved;
  }
  return undefined;
}
