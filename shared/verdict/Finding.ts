import type { Severity } from './Severity.ts';

/** What has a finding: a package of an image here. All texts are untrusted. */
export interface Subject {
  readonly name: string;
  readonly version: string | undefined;
  /** Package URL (github.com/package-url/purl-spec), by which other tools know it. */
  readonly purl: string | undefined;
  /** The file in which it was found, where it is one of many. */
  readonly path: string | undefined;
}

/** One thing that a scanner objects to, whichever scanner it was. All texts are untrusted. */
export interface Finding {
  readonly kind: 'vulnerability';
  /** The rule or advisory, such as `CVE-2021-44906`. */
  readonly id: string;
  readonly severity: Severity;
  readonly title: string | undefined;
  readonly subject: Subject;
  /** What removes it: the fixed versions of a package; `undefined` while nothing does. */
  readonly fix: string | undefined;
  /** Where a person reads more. */
  readonly url: string | undefined;
}
