import { Failure } from '../failure/Failure.ts';
import { oneLine } from '../log/oneLine.ts';
import type { Manifest } from '../oci/Manifest.ts';
import { openLayout } from '../oci/openLayout.ts';
import { type Digest, type PinnedReference, pin } from '../oci/Reference.ts';
import type { RegistryClient } from '../oci/RegistryClient.ts';
import { readManifest } from '../oci/readManifest.ts';
import { count } from '../text/count.ts';
import type { Fact, Gap } from '../verdict/Inspection.ts';
import { explainDisk } from './explainDisk.ts';
import { type ListedImage, listImages } from './listImages.ts';
import { imagesOfArchive, oneImageLayout } from './oneImageLayout.ts';
import { type ArchiveTarget, type LayoutTarget, type Scannable, subjectOf } from './Target.ts';

/** One run of Trivy. */
export interface ScanPart {
  readonly target: Scannable;
  readonly image?: PinnedReference | undefined;
  /** The platform that it has to be of. */
  readonly platform?: string | undefined;
}

export interface Spread {
  readonly parts: readonly ScanPart[];
  /** What of the index is not scanned. */
  readonly gaps: readonly Gap[];
  readonly facts: readonly Fact[];
  /** Of the whole: the index, where there is one. */
  readonly digest: Digest | undefined;
}

export interface SpreadContext {
  readonly registry: Pick<RegistryClient, 'manifest'>;
  readonly tempDir: string;
}

/** More are more than anybody builds; each one is a scan. */
const mostImages = 8;

/**
 * Divides what is to be inspected into what Trivy scans: it takes one image of an index, and says
 * nothing of the others.
 *
 * @throws {Failure} when there is no image, or none of the platform
 */
export async function spreadTarget(target: Scannable, context: SpreadContext): Promise<Spread> {
  if (target.kind === 'image') {
    const manifest = await context.registry.manifest(target.image);
    const images = chooseImages(target, manifest);
    const parts = images.chosen.map(({ digest, platform }): ScanPart => {
      const image = pin(target.image, digest);
      return { target: { kind: 'image', image }, image, platform };
    });
    return { ...images, parts, digest: manifest.digest };
  }
  if (target.kind === 'archive' || target.kind === 'layout') return onDisk(target, context);
  return { parts: [{ target }], gaps: [], facts: [], digest: undefined };
}

async function onDisk(
  target: ArchiveTarget | LayoutTarget,
  context: SpreadContext,
): Promise<Spread> {
  try {
    if (target.kind === 'archive') {
      const images = await imagesOfArchive(target.path, context.tempDir);
      if (images !== undefined) return ofArchive(target, images);
    }
    return await ofLayout(target, context);
  } catch (error) {
    throw explainDisk(error, `${subjectOf(target)} could not be opened.`);
  }
}

async function ofLayout(
  { path, name, ...target }: ArchiveTarget | LayoutTarget,
  { tempDir }: SpreadContext,
): Promise<Spread> {
  const layout = await openLayout(path, tempDir);
  const manifest = await layout.manifest(layout.digest);
  const images = chooseImages({ ...target, path, name }, manifest);
  const parts = await Promise.all(
    images.chosen.map(async ({ digest, platform }): Promise<ScanPart> => {
      const folder = await oneImageLayout(layout, digest, tempDir);
      return { target: { kind: 'layout', path: folder, name }, platform };
    }),
  );
  return { ...images, parts, digest: layout.digest };
}

function ofArchive(target: ArchiveTarget, images: number): Spread {
  const gap = {
    what: `Only the first image of ${subjectOf(target)} was scanned; it holds ${images}.`,
    remedy: 'Give each image an archive of its own.',
  };
  return {
    parts: [{ target, platform: target.platform }],
    gaps: images > 1 ? [gap] : [],
    facts: [],
    digest: undefined,
  };
}

interface Chosen {
  readonly chosen: readonly ListedImage[];
  readonly gaps: readonly Gap[];
  readonly facts: readonly Fact[];
}

function chooseImages(
  target: Extract<Scannable, { kind: 'image' | 'archive' | 'layout' }>,
  { digest, bytes }: Manifest,
): Chosen {
  const subject = subjectOf(target);
  const { platform: wanted } = target;
  const listed = listImages(readManifest(bytes, subject));
  if (listed === undefined) {
    return { chosen: [{ digest, platform: wanted }], gaps: [], facts: [] };
  }
  const { images, attestations } = listed;
  if (images.length === 0) {
    throw new Failure({
      what: `${subject} is an index without an image.`,
      remedy: 'Push the image again, with at least one platform.',
    });
  }
  const matching = images.filter(
    ({ platform }) =>
      wanted === undefined || platform === wanted || platform?.startsWith(`${wanted}/`),
  );
  const names = (list: readonly ListedImage[]) =>
    list.map(({ platform }) => oneLine(platform ?? 'one of no known platform')).join(', ');
  if (matching.length === 0) {
    throw new Failure({
      what: `${subject} has no image for ${wanted}.`,
      why: `It holds ${names(images)}.`,
      remedy: 'Build that platform as well, or ask for one that is there.',
    });
  }
  const rest = matching.slice(mostImages);
  const gap = {
    what: `Only the first ${mostImages} images of the index were scanned; it also holds ${names(rest)}.`,
    remedy: "Give each platform's own digest to a step of its own (a matrix).",
  };
  const left = images.filter((image) => !matching.includes(image));
  return {
    chosen: matching.slice(0, mostImages),
    gaps: rest.length === 0 ? [] : [gap],
    facts: [
      ...(left.length === 0 ? [] : [{ name: 'Left out', value: `${names(left)}, as asked` }]),
      ...(attestations === 0
        ? []
        : [
            {
              name: 'Skipped',
              value: `${count(attestations, 'attestation manifest')} (unknown/unknown)`,
            },
          ]),
    ],
  };
}
