import { Buffer } from 'node:buffer';
import type { Manifest } from '../../../../shared/oci/Manifest.ts';
import { type Digest, parseDigest } from '../../../../shared/oci/Reference.ts';

/** What lies beside an image and says from which inputs it was built. */
export interface BuildRecord {
  readonly key: string;
  readonly image: Digest;
  readonly builtAt: Date;
}

export const recordType = 'application/vnd.platform-actions.build.v1+json';
export const manifestType = 'application/vnd.oci.image.manifest.v1+json';

/** The one blob that every artifact without content refers to (OCI image specification, "empty"). */
export const emptyBlob = Buffer.from('{}');

const annotation = {
  key: 'com.platform-actions.build.key',
  version: 'com.platform-actions.build.version',
  created: 'org.opencontainers.image.created',
} as const;

/** Under which tag the record of a key is found. */
export function recordTag(key: string): string {
  return `build-${key}`;
}

/** Whether a tag is that of a record. */
export function isRecordTag(tag: string): boolean {
  return /^build-[0-9a-f]{64}$/.test(tag);
}

/** The record as an OCI manifest without content of its own, with the image as its subject. */
export function writeRecord(
  { key, builtAt }: BuildRecord,
  image: Manifest,
  version: string,
): { readonly bytes: Buffer; readonly annotations: Readonly<Record<string, string>> } {
  const empty = {
    mediaType: 'application/vnd.oci.empty.v1+json',
    digest: 'sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a',
    size: emptyBlob.length,
    data: emptyBlob.toString('base64'),
  };
  const annotations = {
    [annotation.key]: key,
    [annotation.version]: version,
    [annotation.created]: builtAt.toISOString(),
  };
  const manifest = {
    schemaVersion: 2,
    mediaType: manifestType,
    artifactType: recordType,
    config: empty,
    layers: [empty],
    subject: { mediaType: image.mediaType, digest: image.digest, size: image.bytes.length },
    annotations,
  };
  return { bytes: Buffer.from(JSON.stringify(manifest)), annotations };
}

/** `undefined` for anything that is not a record of ours. */
export function readRecord(bytes: Uint8Array): BuildRecord | undefined {
  try {
    const { artifactType, subject, annotations } = JSON.parse(Buffer.from(bytes).toString()) as {
      artifactType?: string;
      subject?: { digest: string };
      annotations?: Readonly<Record<string, string>>;
    };
    const key = annotations?.[annotation.key];
    const builtAt = new Date(annotations?.[annotation.created] ?? '');
    if (artifactType !== recordType || key === undefined || subject === undefined) return undefined;
    if (Number.isNaN(builtAt.getTime())) return undefined;
    return { key, image: parseDigest(subject.digest), builtAt };
  } catch {
    return undefined;
  }
}
