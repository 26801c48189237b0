import { Buffer } from 'node:buffer';
import { Failure } from '../failure/Failure.ts';
import type { Descriptor } from './readManifest.ts';

export interface MergedIndex {
  readonly mediaType: string;
  readonly bytes: Buffer;
  /** `os/architecture[/variant]`, in order. */
  readonly platforms: readonly string[];
}

const ociIndex = 'application/vnd.oci.image.index.v1+json';
const dockerList = 'application/vnd.docker.distribution.manifest.list.v2+json';

/**
 * One index of what single-platform builds gave. Images come in the order of their platforms, so that
 * the same builds give the same digest whichever ended first; attestations come after all images.
 *
 * @param parts what each build gave, by the name that an error calls it
 * @throws {Failure} when two builds gave different images for one platform
 */
export function mergeIndexes(
  parts: readonly { readonly name: string; readonly manifests: readonly Descriptor[] }[],
  annotations: Readonly<Record<string, string>> = {},
): MergedIndex {
  const images = new Map<string, { readonly descriptor: Descriptor; readonly name: string }>();
  const attestations = new Map<string, Descriptor>();
  for (const { name, manifests } of parts) {
    for (const descriptor of manifests) {
      if (isAttestation(descriptor)) {
        attestations.set(descriptor.digest, descriptor);
        continue;
      }
      const platform = platformOf(descriptor);
      const other = images.get(platform);
      if (other !== undefined && other.descriptor.digest !== descriptor.digest) {
        throw new Failure({
          what: `${other.name} and ${name} both are of ${platform}.`,
          why: 'An index holds one image for each platform.',
          remedy:
            'Give one digest for each platform; check `platforms` of the jobs that built them.',
        });
      }
      images.set(platform, { descriptor, name });
    }
  }
  if (images.size === 0) {
    throw new Failure({
      what: 'There is no image in what is to be merged.',
      remedy: 'Give the digests of images, one for each platform.',
    });
  }
  const sorted = [...images].sort(([a], [b]) => (a < b ? -1 : 1));
  const manifests = [...sorted.map(([, { descriptor }]) => descriptor), ...attestations.values()];
  const mediaType = manifests.every((one) => one.mediaType.includes('.docker.'))
    ? dockerList
    : ociIndex;
  const hasAnnotations = Object.keys(annotations).length > 0 && mediaType === ociIndex;
  const index = { schemaVersion: 2, mediaType, manifests, ...(hasAnnotations && { annotations }) };
  // As people read it in a registry's page, and as buildx writes it.
  const bytes = Buffer.from(JSON.stringify(index, undefined, 2));
  return { mediaType, bytes, platforms: sorted.map(([platform]) => platform) };
}

/** As containerd normalizes: what every machine of an architecture has is no variant. */
export function platformOf({ platform }: Pick<Descriptor, 'platform'>): string {
  if (platform === undefined) return 'unknown/unknown';
  const { os, architecture, variant } = platform;
  const plain =
    (architecture === 'arm64' && variant === 'v8') ||
    (architecture === 'amd64' && variant === 'v1');
  const named = architecture === 'arm' && !variant ? 'v7' : plain ? undefined : variant;
  const version = platform['os.version'];
  return `${[os, architecture, named].filter(Boolean).join('/')}${version ? ` (${version})` : ''}`;
}

/** BuildKit keeps what it attests in the index, under no platform of this world. */
function isAttestation({ annotations, platform }: Descriptor): boolean {
  return (
    annotations?.['vnd.docker.reference.type'] !== undefined ||
    (platform?.os === 'unknown' && platform.architecture === 'unknown')
  );
}
