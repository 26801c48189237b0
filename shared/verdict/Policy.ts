import type { FindingKind } from './Finding.ts';
import type { Severity } from './Severity.ts';

/** A package that may not be there, whatever is known of it. At least one pattern is given. */
export interface DeniedPackage {
  /** Its name; `*` stands for anything. */
  readonly name?: string | undefined;
  /** Its package URL, with or without the version; `*` stands for anything. */
  readonly purl?: string | undefined;
  readonly reason: string;
}

/** A list that others publish, as a file. A verdict that needs it is incomplete once it is too old. */
export interface SnapshotSource {
  readonly file: string;
  readonly maxAgeDays: number;
}

/** Which findings make a violation, and what must be known before there can be a pass. */
export interface Policy {
  readonly severities: ReadonlySet<Severity>;
  /** Whether only those count for which there is a fix. */
  readonly ignoreUnfixed: boolean;
  /** Which kinds count; all of them where it is absent. What the policy itself denies always counts. */
  readonly kinds?: ReadonlySet<FindingKind> | undefined;
  /** How long after its publication a finding with a fix does not count yet. */
  readonly fixGraceDays?: number | undefined;
  /** Whether an operating system without further fixes is a finding; a notice where it is absent. */
  readonly endOfLife?: 'deny' | 'notice' | undefined;
  readonly denyPackages?: readonly DeniedPackage[] | undefined;
  /** SPDX ids, in which `*` stands for anything. */
  readonly denyLicenses?: readonly string[] | undefined;
  /** Vulnerabilities that are known to be exploited (CISA) count in any case. */
  readonly kev?: SnapshotSource | undefined;
  /** Vulnerabilities that are likely to be exploited (first.org) count in any case. */
  readonly epss?: (SnapshotSource & { readonly atLeast: number }) | undefined;
  readonly maxDatabaseAgeHours?: number | undefined;
  /** Ids that neither a waiver nor VEX excuses; `*` stands for anything. */
  readonly neverWaive?: readonly string[] | undefined;
}
