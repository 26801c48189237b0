import type { Log } from '../log/Log.ts';
import { fetchBlob } from './fetchBlob.ts';
import { mergeIndexes } from './mergeIndexes.ts';
import type { Patience } from './patiently.ts';
import { pushContent } from './pushContent.ts';
import { pushManifest } from './pushManifest.ts';
import { digestOf } from './putManifest.ts';
import { type Digest, formatReference, type PinnedReference, type Reference } from './Reference.ts';
import type { RegistryClient } from './RegistryClient.ts';
import { type Descriptor, readManifest } from './readManifest.ts';
import { registryContent } from './registryContent.ts';

export interface MergeOptions {
  /** What parallel jobs have built and pushed, one for each platform. */
  readonly digests: readonly PinnedReference[];
  /** With tags: where the index goes. */
  readonly references: readonly Reference[];
  readonly client: RegistryClient;
  readonly log: Log;
  /** Of the index. */
  readonly annotations?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
  readonly deadlineMs?: number;
}

export interface Merged {
  readonly digest: Digest;
  readonly platforms: readonly string[];
}

/**
 * Makes one index of single-platform images, their attestations included, and pushes it under each
 * reference. Images that are elsewhere are brought into its repository first: by a link within a
 * registry, else by a copy.
 *
 * @throws {Failure} when two are of one platform, a registry refuses, or the time is over
 */
export async function mergeDigests(options: MergeOptions): Promise<Merged> {
  const { digests, references, client, log, annotations, signal } = options;
  const { deadlineMs = 15 * 60_000 } = options;
  const patience: Patience = { until: Date.now() + deadlineMs, log, signal };
  const parts = await Promise.all(digests.map((part) => readPart(client, part, patience)));
  const { mediaType, bytes, platforms } = mergeIndexes(parts, annotations);
  const index = { digest: digestOf(bytes), mediaType, bytes };
  const complete = new Set<string>();
  for (const to of references) {
    const repository = `${to.registry}/${to.repository}`;
    if (!complete.has(repository)) {
      for (const part of parts) await bring(client, part, to, patience);
      complete.add(repository);
    }
    await pushManifest(client, to, index, patience);
    log.info(`Pushed ${formatReference(to)} (${index.digest}): ${platforms.join(', ')}.`);
  }
  return { digest: index.digest, platforms };
}

interface Part {
  readonly from: PinnedReference;
  readonly name: string;
  readonly manifests: readonly Descriptor[];
}

/** What one build gave: an index of its own (with attestations), or one image. */
async function readPart(
  client: RegistryClient,
  from: PinnedReference,
  patience: Patience,
): Promise<Part> {
  const name = formatReference(from);
  const content = registryContent(client, from, patience);
  const { digest, mediaType, bytes } = await content.manifest(from.digest);
  const fields = readManifest(bytes, name);
  if (fields.manifests !== undefined) return { from, name, manifests: fields.manifests };
  const config = fields.config && (await fetchBlob(content, fields.config, patience));
  const platform = config && readPlatform(config);
  const descriptor: Descriptor = {
    mediaType: fields.mediaType ?? mediaType,
    digest,
    size: bytes.length,
    ...(platform && { platform }),
  };
  return { from, name, manifests: [descriptor] };
}

/** What an image says of itself: OCI image specification, "Image Configuration". */
function readPlatform(config: Uint8Array): NonNullable<Descriptor['platform']> {
  const fields = JSON.parse(new TextDecoder().decode(config)) as Record<string, unknown>;
  const text = (name: string) => (typeof fields[name] === 'string' ? fields[name] : undefined);
  const features = fields['os.features'];
  return {
    architecture: text('architecture') ?? 'unknown',
    os: text('os') ?? 'unknown',
    ...(text('variant') && { variant: text('variant') }),
    ...(text('os.version') && { 'os.version': text('os.version') }),
    ...(Array.isArray(features) && { 'os.features': features }),
  };
}

async function bring(
  client: RegistryClient,
  { from, manifests }: Part,
  to: Reference,
  patience: Patience,
): Promise<void> {
  if (from.registry === to.registry && from.repository === to.repository) return;
  const content = registryContent(client, from, patience);
  for (const { digest } of manifests) {
    await pushContent({ content, digest, to, client, patience });
  }
}
