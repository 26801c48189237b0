import type { Purl } from '../../purl/Purl.ts';

export const vexStatuses = ['not_affected', 'fixed', 'affected', 'under_investigation'] as const;

export type VexStatus = (typeof vexStatuses)[number];

/** A thing that a statement is about, by any of its names. */
export interface VexProduct {
  readonly purls: readonly Purl[];
  /** `sha256:…` of an image. */
  readonly digests: readonly string[];
  /** Serial number of a bill of materials of which it is the subject. */
  readonly bom?: string | undefined;
  /** Only these parts of it; all of it where there are none. */
  readonly parts: readonly Purl[];
}

/** What a vendor says of a vulnerability in products of its own. All texts are untrusted. */
export interface VexStatement {
  /** Its names, in capitals. */
  readonly vulnerabilities: readonly string[];
  readonly products: readonly VexProduct[];
  readonly status: VexStatus;
  readonly justification: string | undefined;
  /** The same in free words. */
  readonly impact: string | undefined;
  readonly author: string | undefined;
  readonly statedAt: Date | undefined;
  /** The file in which it stands. */
  readonly source: string;
}
