import type { Manifest } from '../../../shared/oci/Manifest.ts';
import type { Digest } from '../../../shared/oci/Reference.ts';
import type { BuildProgress } from './progress/BuildProgress.ts';

/** What came of a build, or was found in its place. */
export interface Image {
  /** `undefined` where the output is no image. */
  readonly digest: Digest | undefined;
  /** False when an image of the same inputs was found. */
  readonly built: boolean;
  /** A sentence: why it was built, or what was found. */
  readonly reason: string;
  /** Digest of its configuration, as docker calls an image; the image's own where nothing tells. */
  readonly imageId: string | undefined;
  /** BuildKit's metadata of the build, JSON; `{}` when nothing was built. */
  readonly metadata: string;
  readonly progress: BuildProgress | undefined;
  readonly durationMs: number;
  /** What was found, which need not be asked for again. */
  readonly manifest?: Manifest;
}
