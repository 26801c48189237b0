import { canonicalDigest } from '../../../../shared/evidence/canonicalJson.ts';
import type { Digest } from '../../../../shared/oci/Reference.ts';
import type { Waiver } from '../../../../shared/verdict/Waiver.ts';

/** Changes with the meaning of a key: then no verdict of before is found. */
const keyVersion = 1;

/** All that decides what a verdict is, besides time. */
export interface ReuseParts {
  /** Of an image or an index. */
  readonly subject: Digest;
  /** Which of an index are judged; in any order. */
  readonly platforms: readonly string[];
  /** The whole policy; sets and keys in any order. */
  readonly policy: unknown;
  /** Those of ignore files too. */
  readonly waivers: readonly Waiver[];
  /** Digests of the documents. */
  readonly vex: readonly Digest[];
  /** What is known already: of a reference its digest, of a report the digest of its content. */
  readonly baseline: { readonly name: string; readonly digest: Digest } | undefined;
  /** Digests of the snapshots by their kind: `kev`, `epss`. */
  readonly snapshots: Readonly<Record<string, Digest>>;
  /** Of each database by its kind. Without one there is no key: a scanner may know more tomorrow. */
  readonly databases: Readonly<Record<string, Digest>>;
  readonly scanner: { readonly name: string; readonly version: string };
  /** Kinds of scan, folders left out, and whatever else the scanner is told. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Of this action: another one may judge otherwise. */
  readonly version: string;
}

/**
 * One key for all runs that would come to the same verdict at this moment.
 *
 * @param now waivers that have ended are other inputs than the same ones before
 */
export function reuseKey(parts: ReuseParts, now: Date): Digest {
  const { platforms, waivers, vex, ...others } = parts;
  const next = waivers
    .map(({ expires }) => expires)
    .filter((expires) => expires > now)
    .sort((a, b) => a.getTime() - b.getTime())[0];
  return canonicalDigest({
    ...others,
    keyVersion,
    baseline: parts.baseline ?? null,
    platforms: [...platforms].sort(),
    waivers: waivers.map((waiver) => canonicalDigest(waiver)).sort(),
    nextExpiry: next ?? null,
    vex: [...vex].sort(),
  });
}
