import { Failure } from '../../../../shared/failure/Failure.ts';
import type { Log } from '../../../../shared/log/Log.ts';
import { oneLine } from '../../../../shared/log/oneLine.ts';
import { formatReference, type PinnedReference } from '../../../../shared/oci/Reference.ts';
import { type CachePlace, importOf } from './planCache.ts';

/**
 * The values of `--cache-from` when only some places may be used: each by its digest. A place that
 * cannot be looked at is left out with a warning.
 */
export async function pinImports(
  places: readonly CachePlace[],
  resolve: (place: CachePlace) => Promise<PinnedReference | undefined>,
  log: Pick<Log, 'warning'>,
): Promise<string[]> {
  const pinned = places.map(async (place) => {
    try {
      const reference = await resolve(place);
      return reference === undefined ? [] : [importOf({ ...place, reference })];
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      log.warning(
        `The cache ${formatReference(place.reference)} is not used: it cannot be looked at. ${oneLine(error.message, 500)}`,
      );
      return [];
    }
  });
  return (await Promise.all(pinned)).flat();
}
