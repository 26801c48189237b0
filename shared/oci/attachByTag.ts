import { Buffer } from 'node:buffer';
import { fallbackTag, readFallback } from './listReferrers.ts';
import { type Patience, patiently } from './patiently.ts';
import { pushManifest } from './pushManifest.ts';
import { digestOf } from './putManifest.ts';
import { formatReference, type PinnedReference } from './Reference.ts';
import type { RegistryClient } from './RegistryClient.ts';
import type { Descriptor } from './readManifest.ts';

const indexType = 'application/vnd.oci.image.index.v1+json';

/**
 * Adds to the list of what is attached to a digest, where the registry does not keep it itself (OCI
 * distribution specification, "Referrers Tag Schema"). What is on the list stays.
 *
 * @throws {Failure} when the registry refuses, or the patience is over
 */
export async function attachByTag(
  client: RegistryClient,
  subject: PinnedReference,
  referrers: readonly Descriptor[],
  patience: Patience,
): Promise<void> {
  const { registry, repository, digest } = subject;
  const known = await patiently(
    `Reading what is attached to ${formatReference(subject)}`,
    () => readFallback(client, subject),
    patience,
  );
  const missing = referrers.filter((one) => !known.some((other) => other.digest === one.digest));
  if (missing.length === 0) return;
  const bytes = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: indexType,
      manifests: [...known, ...missing],
    }),
  );
  await pushManifest(
    client,
    { registry, repository, tag: fallbackTag(digest) },
    { digest: digestOf(bytes), mediaType: indexType, bytes },
    patience,
  );
}
