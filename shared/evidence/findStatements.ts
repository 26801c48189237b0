import { fetchBlob } from '../oci/fetchBlob.ts';
import { listReferrers } from '../oci/listReferrers.ts';
import type { Patience } from '../oci/patiently.ts';
import { formatReference, type PinnedReference, pin } from '../oci/Reference.ts';
import type { RegistryClient } from '../oci/RegistryClient.ts';
import { readManifest } from '../oci/readManifest.ts';
import { registryContent } from '../oci/registryContent.ts';
import { bundleType, predicateAnnotation } from './attachStatement.ts';

/** Whoever may push can attach as many as he likes; the newest of them are looked at. */
const most = 50;

/**
 * The signed statements that are attached to a digest, newest first, none of them checked.
 *
 * @returns JSON of each; what is no JSON is left out
 * @throws {Failure} when the registry refuses, or the patience is over
 */
export async function findStatements(
  client: RegistryClient,
  subject: PinnedReference,
  predicateType: string,
  patience: Patience,
): Promise<unknown[]> {
  const created = 'org.opencontainers.image.created';
  const { manifests } = await listReferrers(client, subject);
  const candidates = manifests
    .filter(({ artifactType = bundleType }) => artifactType === bundleType)
    .filter(
      ({ annotations }) => (annotations?.[predicateAnnotation] ?? predicateType) === predicateType,
    )
    .sort((a, b) => ((a.annotations?.[created] ?? '') < (b.annotations?.[created] ?? '') ? 1 : -1))
    .slice(0, most);
  const content = registryContent(client, subject, patience);
  const found: unknown[] = [];
  for (const { digest } of candidates) {
    const reference = pin(subject, digest);
    const { bytes } = await client.manifest(reference);
    const [layer] = readManifest(bytes, formatReference(reference)).layers ?? [];
    if (layer?.mediaType !== bundleType) continue;
    try {
      found.push(JSON.parse((await fetchBlob(content, layer, patience)).toString()));
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
  }
  return found;
}
