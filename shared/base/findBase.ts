import { Failure } from '../failure/Failure.ts';
import { fetchBlob } from '../oci/fetchBlob.ts';
import type { Patience } from '../oci/patiently.ts';
import { formatReference, type PinnedReference, pin, type Reference } from '../oci/Reference.ts';
import type { RegistryClient } from '../oci/RegistryClient.ts';
import { type ManifestFields, readManifest } from '../oci/readManifest.ts';
import { registryContent } from '../oci/registryContent.ts';
import { listImages } from '../trivy/listImages.ts';

/** The image on which another one stands. */
export interface Base {
  /** As it was named: with the tag, if there was one, and maybe with the digest. */
  readonly named: Reference;
  readonly image: PinnedReference;
  /** `diffId`s of its layers, the lowest first. */
  readonly layers: readonly string[];
}

export interface BaseEffects {
  readonly registry: Pick<RegistryClient, 'manifest' | 'transfer' | 'isSignedIn'>;
  readonly patience: Patience;
}

/** Each is a request or three. */
const mostLooked = 10;

/**
 * Finds on which of some images another one stands. Names are only where to look: it is the base whose
 * layers are the lowest of the image's, and of several the one that has most of them.
 *
 * @returns the base; or why none is known, as a sentence
 */
export async function findBase(
  names: readonly Reference[],
  image: { readonly layers: readonly string[]; readonly platform: string },
  effects: BaseEffects,
): Promise<Base | string> {
  if (names.length === 0) return 'Nothing says which base image it stands on.';
  const different = new Map(names.map((name) => [formatReference(name), name]));
  let best: Base | undefined;
  let why: string | undefined;
  for (const named of [...different.values()].slice(0, mostLooked)) {
    try {
      const { pinned, layers } = await layersOf(named, image.platform, effects);
      const isBelow = layers.length > 0 && layers.every((layer, at) => layer === image.layers[at]);
      if (isBelow && layers.length > (best?.layers.length ?? 0)) {
        best = { named, image: pinned, layers };
      }
      if (!isBelow) {
        why ??= `${formatReference(named)} is not what the image was built on: it was made anew since, or was only used on the way.`;
      }
    } catch (error) {
      effects.patience.signal?.throwIfAborted();
      if (!(error instanceof Failure)) throw error;
      why ??= `${formatReference(named)} could not be looked at. ${error.what}`;
    }
  }
  return best ?? why ?? 'None of the images that are named is its base.';
}

async function layersOf(
  named: Reference,
  platform: string,
  { registry, patience }: BaseEffects,
): Promise<{ pinned: PinnedReference; layers: readonly string[] }> {
  const found = await registry.manifest(named);
  const pinned = pin(named, found.digest);
  const config = await configOf(readManifest(found.bytes, formatReference(named)));
  if (config === undefined) return { pinned, layers: [] };
  const bytes = await fetchBlob(registryContent(registry, pinned, patience), config, patience);
  return { pinned, layers: diffIds(bytes.toString()) };

  async function configOf(fields: ManifestFields): Promise<ManifestFields['config']> {
    const listed = listImages(fields);
    if (listed === undefined) return fields.config;
    const one = listed.images.find(({ platform: its = '' }) => alike(its, platform));
    if (one === undefined) return undefined;
    const { bytes: manifest } = await registry.manifest(pin(named, one.digest));
    return readManifest(manifest, formatReference(named)).config;
  }
}

/** A variant is often left out. */
function alike(a: string, b: string): boolean {
  return a === b || a.startsWith(`${b}/`) || b.startsWith(`${a}/`);
}

function diffIds(text: string): readonly string[] {
  try {
    const ids = (JSON.parse(text) as { rootfs?: { diff_ids?: unknown } }).rootfs?.diff_ids;
    return Array.isArray(ids) ? ids.map(String) : [];
  } catch {
    return [];
  }
}
