import type { Severity } from './Severity.ts';

/** What has a finding: a package, a file, or an object of a cluster. All texts are untrusted. */
export interface Subject {
  readonly name: string;
  readonly version: string | undefined;
  /** Package URL (github.com/package-url/purl-spec), by which other tools know it. */
  readonly purl: string | undefined;
  /** The file in which it was found, where it is one of many. */
  readonly path: string | undefined;
  /** The image in which it is, with its digest, where an inspection is of several. */
  readonly image?: string | undefined;
}

/** The layer of an image that brought it in. */
export interface Layer {
  /** Digest of the layer's uncompressed content; it stays the same in every registry. */
  readonly diffId: string;
  readonly digest?: string | undefined;
  /** What the image's history says of it, such as `RUN npm ci`. Untrusted. */
  readonly createdBy?: string | undefined;
}

/** Lines of a file, counted from 1. */
export interface Lines {
  readonly file: string;
  readonly start: number;
  readonly end: number;
}

/**
 * What kind of thing it is. `end-of-life` and `denied-package` are made by the policy from what was
 * seen; the others are what a scanner objects to.
 */
export type FindingKind =
  | 'vulnerability'
  | 'misconfiguration'
  | 'secret'
  | 'license'
  | 'end-of-life'
  | 'denied-package';

/** One thing that a scanner objects to, whichever scanner it was. All texts are untrusted. */
export interface Finding {
  readonly kind: FindingKind;
  /** The rule or advisory, such as `CVE-2021-44906`. */
  readonly id: string;
  /** Other names of the same advisory, such as its `GHSA-…`. */
  readonly aliases?: readonly string[] | undefined;
  readonly severity: Severity;
  readonly title: string | undefined;
  readonly subject: Subject;
  /** What removes it: the fixed versions of a package; `undefined` while nothing does. */
  readonly fix: string | undefined;
  /** Where a person reads more. */
  readonly url: string | undefined;
  /** When the world was told. The scanner does not know when the fix came; this is the earliest. */
  readonly publishedAt?: Date | undefined;
  readonly layer?: Layer | undefined;
  readonly lines?: Lines | undefined;
  /** CVSS base score, 0 to 10. */
  readonly score?: number | undefined;
  /** What the vendor says of it, such as `will_not_fix`. */
  readonly status?: string | undefined;
  /** What the scanner advises, where there is no version to go to. */
  readonly advice?: string | undefined;
  /** Weaknesses (CWE), such as `CWE-1321`. */
  readonly weaknesses?: readonly string[] | undefined;
}
