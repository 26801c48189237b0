import { Failure } from '../../../../../shared/failure/Failure.ts';
import { oneLine } from '../../../../../shared/log/oneLine.ts';
import { formatReference, type PinnedReference, pin } from '../../../../../shared/oci/Reference.ts';
import { chooseKept } from './chooseKept.ts';
import { helperDockerfile } from './helperDockerfile.ts';
import type { MountKeeper } from './MountKeeper.ts';
import { measureMounts } from './measureMounts.ts';
import type { Restored } from './restoreMounts.ts';
import { describeSaved, savedAnnotation } from './SavedMounts.ts';

/**
 * Leaves the contents of the cache mounts in the registry for the next runner: BuildKit pushes them as
 * an image with a layer a mount. Nothing is written when nothing changed. A trouble is a warning.
 *
 * @returns what was pushed, to be signed
 */
export function saveMounts(
  keeper: MountKeeper,
  { saved, trouble }: Restored,
): Promise<PinnedReference | undefined> {
  const { log, signal } = keeper;
  const place = keeper.export;
  if (place === undefined || trouble) return Promise.resolve(undefined);
  return log.group('Save cache mounts', async () => {
    try {
      const { kept, leftOut } = chooseKept(await measureMounts(keeper), keeper.limitBytes);
      for (const { key, bytes } of leftOut) {
        log.warning(
          `The cache mount ${idOf(keeper, key)} (${megabytes(bytes)}) is not kept: with it there would be more than ${megabytes(keeper.limitBytes)}. Raise \`cache-mounts-limit\`, or clean it in its RUN step.`,
        );
      }
      const before = saved?.fingerprints;
      const isChanged =
        kept.length !== before?.size ||
        kept.some(({ key, fingerprint }) => before.get(key) !== fingerprint);
      if (kept.length === 0 || !isChanged) {
        log.info('The contents of the cache mounts have not changed.');
        return undefined;
      }
      const keys = new Set(kept.map(({ key }) => key));
      const mounts = keeper.mounts.filter(({ key }) => keys.has(key));
      const name = formatReference(place.reference);
      const digest = await keeper.build(
        helperDockerfile.save(mounts, keeper.nonce()),
        `type=image,name=${name},push=true,oci-mediatypes=true,compression=zstd`,
        { [savedAnnotation]: describeSaved(kept) },
      );
      const size = kept.reduce((sum, { bytes }) => sum + bytes, 0);
      log.info(`Saved ${mounts.map(({ id }) => id).join(', ')} (${megabytes(size)}) as ${name}.`);
      return digest && pin(place.reference, digest);
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof Failure)) throw error;
      log.warning(
        `The contents of the cache mounts could not be kept; the image is built all the same. ${oneLine(error.why ?? error.message, 500)}`,
      );
      return undefined;
    }
  });
}

function idOf({ mounts }: MountKeeper, wanted: string): string {
  return mounts.find(({ key }) => key === wanted)?.id ?? wanted;
}

function megabytes(bytes: number): string {
  return bytes < 1e9 ? `${Math.ceil(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}
