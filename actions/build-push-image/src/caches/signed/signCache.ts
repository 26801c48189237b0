import { attachStatement } from '../../../../../shared/evidence/attachStatement.ts';
import type { StatementSigner } from '../../../../../shared/evidence/StatementSigner.ts';
import { signStatement } from '../../../../../shared/evidence/signStatement.ts';
import type { Patience } from '../../../../../shared/oci/patiently.ts';
import type { Digest, PinnedReference } from '../../../../../shared/oci/Reference.ts';
import type { RegistryClient } from '../../../../../shared/oci/RegistryClient.ts';
import { type CacheOrigin, cachePredicate, cacheStatement } from './cacheStatement.ts';

/**
 * Signs a cache that was written just now, by its digest.
 *
 * @throws {Failure} when the registry refuses, or the patience is over
 */
export async function signCache(
  written: PinnedReference,
  origin: CacheOrigin,
  run: { readonly commit: string | undefined; readonly runId: string | undefined },
  { signer, witnesses }: StatementSigner,
  registry: RegistryClient,
  patience: Patience,
): Promise<Digest> {
  const bundle = await signStatement(cacheStatement(written, origin, run), signer, witnesses);
  return attachStatement(registry, written, { bundle, predicateType: cachePredicate }, patience);
}
