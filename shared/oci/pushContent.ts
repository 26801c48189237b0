import type { Content } from './Content.ts';
import { BlobUnknown } from './explainRefusal.ts';
import type { Manifest } from './Manifest.ts';
import { type Patience, patiently } from './patiently.ts';
import { pushManifest } from './pushManifest.ts';
import { type Digest, pin, type Reference } from './Reference.ts';
import type { RegistryClient } from './RegistryClient.ts';
import { blobsOf, type Descriptor, readManifest } from './readManifest.ts';
import { sideBySide } from './sideBySide.ts';
import { type BlobOutcome, uploadBlob } from './uploadBlob.ts';

export interface PushContentOptions {
  readonly content: Content;
  readonly digest: Digest;
  /** The repository; tags are set by the caller, when all is there. */
  readonly to: Reference;
  readonly client: RegistryClient;
  readonly patience: Patience;
  /** Told of each manifest when it, and all below it, is in the repository. */
  readonly onManifest?: (digest: Digest, outcome: 'there' | 'sent') => void;
}

export interface PushedContent {
  readonly blobs: readonly { readonly digest: Digest; readonly outcome: BlobOutcome }[];
  /** What went over the wire of blobs. */
  readonly sentBytes: number;
  /** The manifest that was asked for. */
  readonly manifest: Manifest;
  /** Its digest and all below it. */
  readonly digests: readonly Digest[];
}

/** More at once is not faster for a registry, and takes its other users' share. */
export const transfersAtOnce = 4;

/** How often a registry that loses blobs is given them again. */
const resends = 3;

interface Node {
  readonly manifest: Manifest;
  readonly blobs: readonly Descriptor[];
}

/**
 * Brings an image or an index with all below it into a repository, by its digest, bytes unchanged.
 * What is there is not sent again; a manifest comes after everything that it names.
 *
 * @throws {Failure} when the registry refuses, or the patience is over
 */
export async function pushContent(options: PushContentOptions): Promise<PushedContent> {
  const { content, digest, to, client, patience, onManifest } = options;
  const nodes = await readTree(content, digest);
  const there = await sideBySide(nodes, transfersAtOnce, ({ manifest }) =>
    patiently(
      `Looking for ${manifest.digest} in ${to.registry}/${to.repository}`,
      () => client.findDigest(pin(to, manifest.digest), { repeatable: false }),
      patience,
    ),
  );
  const missing = nodes.filter((_, index) => there[index] === undefined);
  const blobs = [
    ...new Map(missing.flatMap((node) => node.blobs.map((blob) => [blob.digest, blob]))).values(),
  ];
  const send = (blob: Descriptor, evenIfThere: boolean) =>
    uploadBlob(client, to, sourceOf(content, blob), {
      ...{ patience, evenIfThere },
      mountFrom: evenIfThere ? undefined : mountable(content, to),
    });
  const outcomes = await sideBySide(blobs, transfersAtOnce, (blob) => send(blob, false));
  for (const { manifest, blobs: own } of nodes) {
    if (missing.some((node) => node.manifest === manifest)) {
      await pushComplete(
        () => pushManifest(client, pin(to, manifest.digest), manifest, patience),
        async () => {
          patience.log.info(
            `${to.registry} does not know a blob of ${manifest.digest}: sent again.`,
          );
          await sideBySide(own, transfersAtOnce, (blob) => send(blob, true));
        },
      );
      onManifest?.(manifest.digest, 'sent');
    } else onManifest?.(manifest.digest, 'there');
  }
  return {
    blobs: blobs.map((blob, index) => ({
      digest: blob.digest,
      outcome: outcomes[index] ?? 'there',
    })),
    sentBytes: blobs
      .filter((_, index) => outcomes[index] === 'sent')
      .reduce((sum, { size }) => sum + size, 0),
    manifest: nodes.at(-1)?.manifest as Manifest,
    digests: nodes.map(({ manifest }) => manifest.digest),
  };
}

/** The manifests of a tree, each once, children first; the root is the last. */
async function readTree(content: Content, root: Digest): Promise<Node[]> {
  const nodes = new Map<Digest, Node>();
  const seen = new Set<Digest>();
  const visit = async (digest: Digest): Promise<void> => {
    if (seen.has(digest)) return;
    seen.add(digest);
    const manifest = await content.manifest(digest);
    const fields = readManifest(manifest.bytes, digest);
    for (const child of fields.manifests ?? []) await visit(child.digest);
    const mediaType = fields.mediaType ?? manifest.mediaType;
    nodes.set(digest, { manifest: { ...manifest, mediaType }, blobs: blobsOf(fields) });
  };
  await visit(root);
  return [...nodes.values()];
}

async function pushComplete(push: () => Promise<void>, resend: () => Promise<void>): Promise<void> {
  for (let left = resends; ; left--) {
    try {
      return await push();
    } catch (error) {
      if (!(error instanceof BlobUnknown) || left === 0) throw error;
      await resend();
    }
  }
}

function sourceOf(content: Content, { digest, size }: Descriptor) {
  return { digest, size, open: (offset: number) => content.openBlob(digest, offset) };
}

/** A repository of the same registry, from which blobs can be linked. */
function mountable({ repository: from }: Content, to: Reference): string | undefined {
  if (from?.registry !== to.registry || from.repository === to.repository) return undefined;
  return from.repository;
}
