import { type Digest, formatReference, pin } from '../../../../shared/oci/Reference.ts';
import type { BaseImage } from './baseImages.ts';
import { createdAt, type ImageSource, readConfig, readDocument } from './ImageSource.ts';
import { ifKnown, patience } from './ifKnown.ts';

/** More bases are not looked up. */
const mostBases = 20;

/** What is known of a base image besides its name. */
export interface BaseFacts extends BaseImage {
  /** When it was made; `undefined` when its registry, or it itself, does not tell. */
  readonly createdAt: number | undefined;
  /** What the tag means now, of a base that is pinned and has a tag. */
  readonly tagMeans: Digest | undefined;
}

/**
 * Looks the bases up in their registries, side by side. What is not told, or not in time, stays
 * unknown: a build does not fail for it.
 *
 * @param late settles when there is no more time
 */
export async function baseFacts(
  bases: readonly BaseImage[],
  source: ImageSource,
  late: Promise<unknown> = patience(),
): Promise<readonly BaseFacts[]> {
  return Promise.all(
    bases.map(async (base, at) => {
      if (at >= mostBases) return { ...base, createdAt: undefined, tagMeans: undefined };
      const [created, means] = await Promise.all([
        ifKnown(creation(base, source), late),
        ifKnown(tagMeaning(base, source), late),
      ]);
      return { ...base, createdAt: created, tagMeans: means };
    }),
  );
}

/** What the reader of the log should do about the bases; at most one sentence or two each. */
export function baseWarnings(bases: readonly BaseFacts[]): readonly string[] {
  return bases.flatMap(({ written, digest, pinned, tagMeans }) => {
    const name = formatReference(written);
    if (!pinned) {
      const now = digest === undefined ? '' : ` Write FROM ${name}@${digest}.`;
      return [`The base image ${name} is not pinned: another build may get another image.${now}`];
    }
    if (tagMeans === undefined || tagMeans === digest) return [];
    return [`The base image ${name} is not what its tag ${written.tag} means now, ${tagMeans}.`];
  });
}

async function creation(
  { written, digest }: BaseImage,
  source: ImageSource,
): Promise<number | undefined> {
  if (digest === undefined) return undefined;
  let document = await readDocument(source, pin(written, digest));
  // The platforms of a base are made together.
  const image = document.manifests?.find(({ platform }) => platform?.os !== 'unknown');
  if (image !== undefined) document = await readDocument(source, pin(written, image.digest));
  return createdAt(await readConfig(source, written, document.config));
}

async function tagMeaning(
  { written, pinned }: BaseImage,
  source: ImageSource,
): Promise<Digest | undefined> {
  const { registry, repository, tag } = written;
  if (!pinned || tag === undefined) return undefined;
  return (await source.manifest({ registry, repository, tag })).digest;
}
