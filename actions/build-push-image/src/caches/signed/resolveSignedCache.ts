import { findTrusted } from '../../../../../shared/evidence/findTrusted.ts';
import type { Trust } from '../../../../../shared/evidence/verifyStatement.ts';
import type { Log } from '../../../../../shared/log/Log.ts';
import type { Patience } from '../../../../../shared/oci/patiently.ts';
import { formatReference, type PinnedReference } from '../../../../../shared/oci/Reference.ts';
import type { RegistryClient } from '../../../../../shared/oci/RegistryClient.ts';
import type { CachePlace } from '../planCache.ts';
import { resolveCache } from '../resolveCache.ts';
import { cachePredicate, refuseOrigin } from './cacheStatement.ts';

export interface CacheSigning {
  readonly trust: Trust;
  /** On GitHub: `acme/web`. */
  readonly repository: string;
  readonly defaultBranch: string;
}

/**
 * What a place holds now, when the default branch of this repository wrote and signed it; only that is
 * ever imported. The digest is what is imported, so that a tag that moves meanwhile changes nothing.
 *
 * @throws {Failure} when the registry refuses, or the patience is over
 */
export async function resolveSignedCache(
  place: CachePlace,
  { trust, repository, defaultBranch }: CacheSigning,
  registry: RegistryClient,
  patience: Patience & { readonly log: Log },
): Promise<PinnedReference | undefined> {
  const { branch, reference } = place;
  // Another branch's own cache is never signed: whoever may push a branch would write it.
  if (branch !== defaultBranch) return undefined;
  const found = await resolveCache(place, registry);
  if (found === undefined) return undefined;
  const { why } = await findTrusted(
    registry,
    found,
    {
      predicateType: cachePredicate,
      trust,
      refuse: (statement) =>
        refuseOrigin(statement, { repository, branch, tag: reference.tag ?? '' }),
    },
    patience,
  );
  if (why === undefined) return found;
  patience.log.warning(
    `The cache ${formatReference(reference)} is not used: ${why}. It has to be signed by ${defaultBranch} of ${repository}.`,
  );
  return undefined;
}
