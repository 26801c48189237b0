import { Failure } from '../failure/Failure.ts';
import type { Manifest } from './Manifest.ts';
import { formatReference, type PinnedReference } from './Reference.ts';

interface Index {
  readonly manifests?: readonly {
    readonly platform?: {
      readonly os?: string;
      readonly architecture?: string;
      readonly variant?: string;
    };
    readonly annotations?: Readonly<Record<string, string>>;
  }[];
}

/**
 * The platforms of the images that an index holds, as `os/architecture[/variant]`. Attestations,
 * which BuildKit keeps in the index under the platform `unknown/unknown`, are not images.
 *
 * @returns `undefined` for what is one image and no index
 * @throws {Failure} when the index is not JSON
 */
export function listPlatforms(
  reference: PinnedReference,
  { mediaType, bytes }: Pick<Manifest, 'mediaType' | 'bytes'>,
): readonly string[] | undefined {
  if (!/\.image\.index\.|\.manifest\.list\./.test(mediaType)) return undefined;
  let index: Index;
  try {
    index = JSON.parse(bytes.toString()) as Index;
  } catch (cause) {
    throw new Failure({
      what: `${formatReference(reference)} is an index that is not JSON.`,
      remedy: 'Push the image again.',
      cause,
    });
  }
  return (index.manifests ?? [])
    .filter(({ annotations }) => annotations?.['vnd.docker.reference.type'] === undefined)
    .map(({ platform }) =>
      [platform?.os ?? 'unknown', platform?.architecture ?? 'unknown', platform?.variant]
        .filter(Boolean)
        .join('/'),
    )
    .filter((platform) => platform !== 'unknown/unknown');
}
