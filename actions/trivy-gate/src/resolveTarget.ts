import { formatReference } from '../../../shared/oci/Reference.ts';
import type { RegistryClient } from '../../../shared/oci/RegistryClient.ts';
import { resolveDigest } from '../../../shared/oci/resolveDigest.ts';
import { subjectOf, type Target } from '../../../shared/trivy/Target.ts';
import type { Single } from './inputs.ts';

/** What is looked at by Trivy. */
export type Scanned = Exclude<Single, { readonly kind: 'cluster' }>;

/**
 * Finds the digest that a tag names now: that is what is judged, whatever the tag names later.
 *
 * @throws {Failure} when the registry has no such image, or refuses
 */
export async function resolveTarget(
  wanted: Scanned,
  registry: Pick<RegistryClient, 'manifest'>,
): Promise<Target> {
  if (wanted.kind !== 'image') return wanted;
  const { platform } = wanted;
  return { kind: 'image', image: await resolveDigest(wanted.image, registry), platform };
}

/** As a person names it, before anything is known of it. */
export function nameOf(wanted: Scanned): string {
  return wanted.kind === 'image' ? formatReference(wanted.image) : subjectOf(wanted);
}
