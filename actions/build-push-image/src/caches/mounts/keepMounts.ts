import type { Runner } from '../../../../../shared/action/Runner.ts';
import type { PinnedReference } from '../../../../../shared/oci/Reference.ts';
import type { RegistryClient } from '../../../../../shared/oci/RegistryClient.ts';
import type { CacheRequest } from '../openCaches.ts';
import type { CachePlace } from '../planCache.ts';
import { type MountOptions, openMounts } from './openMounts.ts';
import { restoreMounts } from './restoreMounts.ts';
import { saveMounts } from './saveMounts.ts';

/** What was left in the registry, and where. */
export interface SavedAt {
  readonly written: PinnedReference;
  readonly place: CachePlace;
}

/**
 * Fills the cache mounts of a build that is about to run.
 *
 * @returns keeps their contents, to be called when it has run; gives what was written
 */
export async function keepMounts(
  request: CacheRequest,
  options: MountOptions,
  runner: Runner,
  registry: RegistryClient,
): Promise<() => Promise<SavedAt | undefined>> {
  const keeper = openMounts(request, options, runner, registry);
  if (keeper === undefined) return async () => undefined;
  const restored = await restoreMounts(keeper);
  return async () => {
    const written = await saveMounts(keeper, restored);
    const place = keeper.export;
    return written && place && { written, place };
  };
}
