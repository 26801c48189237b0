import type { Log } from '../../../../../shared/log/Log.ts';
import type { PinnedReference } from '../../../../../shared/oci/Reference.ts';
import type { RegistryClient } from '../../../../../shared/oci/RegistryClient.ts';
import type { CachePlace } from '../planCache.ts';
import type { CacheMount } from './findCacheMounts.ts';
import type { HelperBuild } from './helperBuild.ts';

/** What keeping the contents of cache mounts works with. */
export interface MountKeeper {
  readonly mounts: readonly CacheMount[];
  /** Where to look for what an earlier build left, in this order. */
  readonly imports: readonly CachePlace[];
  /** Where this build leaves its own; `undefined` when it leaves nothing. */
  readonly export: CachePlace | undefined;
  readonly limitBytes: number;
  readonly build: HelperBuild;
  readonly registry: Pick<RegistryClient, 'manifest'>;
  /** What a place holds now and may be used; with signed caches only what was signed. */
  readonly resolve: (place: CachePlace) => Promise<PinnedReference | undefined>;
  /** A folder of the step's own. */
  readonly tempDir: string;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** Another each time. */
  readonly nonce: () => string;
}
