import { listReferrers } from '../oci/listReferrers.ts';
import type { PinnedReference } from '../oci/Reference.ts';
import type { RegistryClient } from '../oci/RegistryClient.ts';
import type { Descriptor } from '../oci/readManifest.ts';
import { bundleType, predicateAnnotation } from './attachStatement.ts';

/** Whoever may push can attach as many as he likes; the newest of them are looked at. */
const most = 50;

const created = 'org.opencontainers.image.created';

/**
 * The signed statements that are attached to a digest, newest first by what their annotations say,
 * which anybody may have written. A registry that tells no annotations leaves none out.
 *
 * @throws {Failure} when the registry refuses or does not answer
 */
export async function listStatements(
  client: Pick<RegistryClient, 'send' | 'isSignedIn' | 'findManifest'>,
  subject: PinnedReference,
  predicateType: string,
  annotations: Readonly<Record<string, string>> = {},
): Promise<Descriptor[]> {
  const wanted = Object.entries({ ...annotations, [predicateAnnotation]: predicateType });
  const { manifests } = await listReferrers(client, subject);
  return manifests
    .filter(({ artifactType = bundleType }) => artifactType === bundleType)
    .filter((found) => wanted.every(([key, value]) => said(found, key, value) === value))
    .sort((a, b) => (said(a, created, '') < said(b, created, '') ? 1 : -1))
    .slice(0, most);
}

function said({ annotations }: Descriptor, key: string, otherwise: string): string {
  return annotations?.[key] ?? otherwise;
}
