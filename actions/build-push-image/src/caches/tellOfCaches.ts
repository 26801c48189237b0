import type { Log } from '../../../../shared/log/Log.ts';
import type { CacheTrouble } from './findCacheTroubles.ts';

const remedies: Readonly<Record<Exclude<CacheTrouble['kind'], 'missing'>, string>> = {
  refused: 'Give this identity the right to do so, or set `cache: off`.',
  limited: 'The registry limits requests; a later run will try again.',
  broken: 'A later run will try again; if it stays, remove the cache from the registry.',
};

/**
 * Tells of caches that failed: a warning each, since a build without them is slow and nobody would
 * know why. That there is none yet is no trouble.
 *
 * @param mayBeOutOfReach see {@link CachePlan.mayBeOutOfReach}
 */
export function tellOfCaches(
  troubles: readonly CacheTrouble[],
  log: Pick<Log, 'info' | 'warning'>,
  mayBeOutOfReach = false,
): void {
  for (const { deed, cache, why, kind } of troubles) {
    if (kind === 'missing') {
      log.info(`There is no cache at ${cache} yet.`);
      continue;
    }
    const what = `The cache ${deed === 'import' ? `${cache} could not be read` : `could not be written to ${cache}`}; the image is built all the same.`;
    const text = `${what} BuildKit says: ${why}. ${remedies[kind]}`;
    if (deed === 'import' && mayBeOutOfReach && kind === 'refused') log.info(text);
    else log.warning(text);
  }
}
