import { type PinnedReference, parseDigest, pin } from '../../../../shared/oci/Reference.ts';
import type { BakeTarget } from './readTargets.ts';

/** What came of a target. */
export interface BakedTarget extends BakeTarget {
  /** `undefined` where its output is no image. */
  readonly digest: PinnedReference['digest'] | undefined;
  /** `undefined` where it was not pushed. */
  readonly reference: PinnedReference | undefined;
}

/**
 * Reads what buildx wrote about the build of several targets.
 *
 * @param metadata JSON: by target what `buildx build` writes of one
 */
export function readBaked(
  targets: readonly BakeTarget[],
  metadata: string,
  pushed: boolean,
): readonly BakedTarget[] {
  const all = JSON.parse(metadata) as Record<string, Record<string, unknown> | undefined>;
  return targets.map((target) => {
    const given = all[target.name]?.['containerimage.digest'];
    const digest = typeof given === 'string' ? parseDigest(given) : undefined;
    const [name] = target.tags;
    const isThere = pushed && digest !== undefined && name !== undefined;
    return { ...target, digest, reference: isThere ? pin(name, digest) : undefined };
  });
}
