import { Buffer } from 'node:buffer';
import { listReferrers } from '../oci/listReferrers.ts';
import type { Patience } from '../oci/patiently.ts';
import { pushManifest } from '../oci/pushManifest.ts';
import { putBlob } from '../oci/putBlob.ts';
import { digestOf } from '../oci/putManifest.ts';
import { type Digest, type PinnedReference, pin } from '../oci/Reference.ts';
import type { RegistryClient } from '../oci/RegistryClient.ts';
import { listByTag } from './listByTag.ts';
import type { Bundle } from './signStatement.ts';

/** Also the artifact type: what cosign writes and looks for. */
export const bundleType = 'application/vnd.dev.sigstore.bundle.v0.3+json';
export const predicateAnnotation = 'dev.sigstore.bundle.predicateType';
const emptyType = 'application/vnd.oci.empty.v1+json';
const manifestType = 'application/vnd.oci.image.manifest.v1+json';

export interface Attachment {
  readonly bundle: Bundle;
  readonly predicateType: string;
  /** What the list of what is attached says besides; it proves nothing. */
  readonly annotations?: Readonly<Record<string, string>>;
}

/** What is stored of a bundle: its digest is that of the attestation. */
export function bundleBytes(bundle: Bundle): Buffer {
  return Buffer.from(JSON.stringify(bundle));
}

/**
 * Attaches a signed statement to the digest that it is about, as cosign 3 does: an artifact that
 * refers to it, on the list by the fallback tag where the registry keeps none.
 *
 * @returns the digest of the artifact
 * @throws {Failure} when the registry refuses, or the patience is over
 */
export async function attachStatement(
  client: RegistryClient,
  subject: PinnedReference,
  { bundle, predicateType, annotations: more = {} }: Attachment,
  patience: Patience,
): Promise<Digest> {
  const { mediaType, bytes: subjectBytes, digest } = await client.manifest(subject);
  const layer = bundleBytes(bundle);
  const empty = Buffer.from('{}');
  const [config, content] = await Promise.all([
    putBlob(client, subject, empty, patience),
    putBlob(client, subject, layer, patience),
  ]);
  const annotations = {
    ...more,
    'dev.sigstore.bundle.content': 'dsse-envelope',
    [predicateAnnotation]: predicateType,
    'org.opencontainers.image.created': new Date().toISOString(),
  };
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: manifestType,
      artifactType: bundleType,
      config: { mediaType: emptyType, ...config },
      layers: [{ mediaType: bundleType, ...content }],
      subject: { mediaType, digest, size: subjectBytes.length },
      annotations,
    }),
  );
  const artifact = digestOf(manifest);
  await pushManifest(
    client,
    pin(subject, artifact),
    { digest: artifact, mediaType: manifestType, bytes: manifest },
    patience,
  );
  const { byApi } = await listReferrers(client, subject);
  if (!byApi) {
    const entry = { mediaType: manifestType, digest: artifact, size: manifest.length };
    await listByTag(client, subject, { ...entry, artifactType: bundleType, annotations }, patience);
  }
  return artifact;
}
