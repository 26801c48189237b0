import type { Runner } from '../../../../../shared/action/Runner.ts';
import { Failure } from '../../../../../shared/failure/Failure.ts';
import { oneLine } from '../../../../../shared/log/oneLine.ts';
import { formatReference, type PinnedReference } from '../../../../../shared/oci/Reference.ts';
import type { RegistryClient } from '../../../../../shared/oci/RegistryClient.ts';
import type { CachePlace } from '../planCache.ts';
import type { Signing } from './openSigning.ts';
import { resolveSignedCache } from './resolveSignedCache.ts';
import { signCache } from './signCache.ts';

/** Caches of which only signed ones count. */
export interface SignedCaches {
  resolve(place: CachePlace): Promise<PinnedReference | undefined>;
  /** Signs what this build wrote; a trouble is a warning. */
  sign(written: PinnedReference | undefined, place: CachePlace): Promise<void>;
}

/** How long signing and looking for signatures may take. */
const patienceMs = 60_000;

export function signedCaches(
  { trust, signer }: Signing,
  defaultBranch: string | undefined,
  { env, log, signal }: Pick<Runner, 'env' | 'log' | 'signal'>,
  registry: RegistryClient,
): SignedCaches {
  const patience = () => ({ until: Date.now() + patienceMs, log, signal });
  const { GITHUB_REPOSITORY: repository = '', GITHUB_SHA: commit, GITHUB_RUN_ID: runId } = env;
  return {
    resolve: async (place) =>
      defaultBranch === undefined
        ? undefined
        : resolveSignedCache(place, { trust, repository, defaultBranch }, registry, patience()),
    async sign(written, { branch, reference }) {
      if (written === undefined || signer === undefined || branch !== defaultBranch) return;
      const origin = { repository, branch, tag: reference.tag ?? '' };
      try {
        await signCache(written, origin, { commit, runId }, signer, registry, patience());
        log.info(`Signed the cache ${formatReference(reference)} as ${written.digest}.`);
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof Failure)) throw error;
        log.warning(
          `The cache ${formatReference(reference)} could not be signed, so nobody will use it. ${oneLine(error.message, 500)}`,
        );
      }
    },
  };
}
