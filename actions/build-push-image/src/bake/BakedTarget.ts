import { type PinnedReference, parseDigest, pin } from '../../../../shared/oci/Reference.ts';
import type { FoundTarget } from './findBaked.ts';
import type { BakeTarget } from './readTargets.ts';

/** What came of a target. */
export interface BakedTarget extends BakeTarget, Pick<FoundTarget, 'manifest' | 'because'> {
  /** `undefined` where its output is no image. */
  readonly digest: PinnedReference['digest'] | undefined;
  /** `undefined` where it was not pushed. */
  readonly reference: PinnedReference | undefined;
  /** False when an image of the same inputs was found. */
  readonly built: boolean;
  /** What buildx wrote about it, JSON. */
  readonly metadata: string;
}

/**
 * Puts together what was found, and what buildx wrote about the build of the others.
 *
 * @param metadata JSON: by target what `buildx build` writes of one
 */
export function readBaked(
  targets: readonly BakeTarget[],
  metadata: string,
  pushed: boolean,
  found: ReadonlyMap<string, FoundTarget> = new Map(),
): readonly BakedTarget[] {
  const all = JSON.parse(metadata) as Record<string, Record<string, unknown> | undefined>;
  return targets.map((target) => {
    const { manifest, because = '' } = found.get(target.name) ?? {};
    const own = all[target.name] ?? {};
    const given = own['containerimage.digest'];
    const digest = manifest?.digest ?? (typeof given === 'string' ? parseDigest(given) : undefined);
    const [name] = target.tags;
    const isThere = pushed && digest !== undefined && name !== undefined;
    return {
      ...{ ...target, digest, manifest, because, metadata: JSON.stringify(own) },
      built: manifest === undefined,
      reference: isThere ? pin(name, digest) : undefined,
    };
  });
}
