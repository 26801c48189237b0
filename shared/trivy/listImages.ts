import type { Digest } from '../oci/Reference.ts';
import type { ManifestFields } from '../oci/readManifest.ts';

/** An image that an index holds. */
export interface ListedImage {
  readonly digest: Digest;
  /** `os/architecture[/variant]`; `undefined` where the index does not say it. */
  readonly platform: string | undefined;
}

export interface ListedImages {
  readonly images: readonly ListedImage[];
  /** How many entries are no images: BuildKit keeps attestations under the platform `unknown/unknown`. */
  readonly attestations: number;
}

/**
 * The images of an index.
 *
 * @returns `undefined` for what is one image and no index
 */
export function listImages({ manifests }: ManifestFields): ListedImages | undefined {
  if (manifests === undefined) return undefined;
  const images = manifests.flatMap(({ digest, platform, annotations }) => {
    const { os, architecture, variant } = platform ?? {};
    const unknown = os === 'unknown' && architecture === 'unknown';
    if (unknown || annotations?.['vnd.docker.reference.type'] !== undefined) return [];
    const parts = [os, architecture, variant].filter((part) => part);
    return [{ digest, platform: platform === undefined ? undefined : parts.join('/') }];
  });
  return { images, attestations: manifests.length - images.length };
}
