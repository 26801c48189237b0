import { Failure } from '../../../../shared/failure/Failure.ts';
import { listReferrer } from '../../../../shared/oci/listReferrer.ts';
import { formatReference, type PinnedReference } from '../../../../shared/oci/Reference.ts';
import type { RegistryClient } from '../../../../shared/oci/RegistryClient.ts';
import type { BuildKey } from './buildKey.ts';
import { emptyBlob, manifestType, recordTag, recordType, writeRecord } from './buildRecord.ts';
import { findTriggers } from './findTriggers.ts';
import { usedImages } from './usedImages.ts';

/** Whether later builds can find this one; `because` ends "It will not be found again, because …". */
export type Recorded =
  | { readonly recorded: true }
  | { readonly recorded: false; readonly because: string };

export interface RecordOptions {
  readonly registry: RegistryClient;
  /** What was pushed. */
  readonly image: PinnedReference;
  readonly build: BuildKey;
  /** What buildx wrote about the build (`--metadata-file`), where it did. */
  readonly metadata?: string | undefined;
  /** Of this action. */
  readonly version: string;
  readonly now?: () => Date;
}

/**
 * Writes beside an image from which inputs it was built, after its push. Nothing of it fails the
 * step: what is not recorded is built again.
 */
export async function recordBuilt(options: RecordOptions): Promise<Recorded> {
  try {
    return await record(options);
  } catch (error) {
    if (error instanceof Failure) {
      return { recorded: false, because: `the registry did not take the record: ${error.what}` };
    }
    if (!(error instanceof SyntaxError)) throw error;
    return { recorded: false, because: 'the registry answered with what is not JSON' };
  }
}

async function record(options: RecordOptions): Promise<Recorded> {
  const { registry, image, build, metadata = '{}', version, now = () => new Date() } = options;
  // A mirror can have an older base than we were told, or its tag has moved since.
  const other = usedImages(metadata).find(({ digest }) => !build.digests.includes(digest));
  if (other !== undefined) {
    const because = `the builder used ${other.name} with ${other.digest}, which is not in the key`;
    return { recorded: false, because };
  }
  for (const base of build.bases) {
    const triggers = await findTriggers(registry, base, build.platforms);
    const unseen = build.narrowed
      ? triggers.length > 0
      : triggers.some((trigger) => /from=|^\s*ADD\b/i.test(trigger));
    if (unseen) {
      const because = `${formatReference(base)} has ONBUILD triggers, whose sources are not in the key`;
      return { recorded: false, because };
    }
  }
  const [manifest] = await Promise.all([
    registry.manifest(image, { access: 'pull,push' }),
    registry.putBlob(image, emptyBlob),
  ]);
  const { registry: host, repository } = image;
  const { key } = build;
  const described = { key, image: image.digest, builtAt: now() };
  const { bytes, annotations } = writeRecord(described, manifest, version);
  const reference = { registry: host, repository, tag: recordTag(key) };
  const { digest, listed } = await registry.putManifest(reference, bytes, manifestType);
  if (!listed) {
    const descriptor = { mediaType: manifestType, digest, size: bytes.length };
    const referrer = { ...descriptor, artifactType: recordType, annotations };
    await listReferrer(registry, image, referrer);
  }
  return { recorded: true };
}
