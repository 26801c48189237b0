import type { FailureParts } from '../failure/Failure.ts';
import type { Finding } from './Finding.ts';

/** A part of the subject that was not seen, or not in a way that can be believed. */
export type Gap = Pick<FailureParts, 'what' | 'why' | 'remedy' | 'details'>;

/** Something true about an inspection that a reader wants to see. The values are untrusted. */
export interface Fact {
  readonly name: string;
  readonly value: string;
  /** A name to be copied, such as a reference; it follows the value. */
  readonly exact?: string;
}

/** A package that was seen, whether anything is wrong with it or not. All texts are untrusted. */
export interface Package {
  readonly name: string;
  readonly version: string | undefined;
  readonly purl: string | undefined;
  readonly path: string | undefined;
  readonly licenses: readonly string[];
}

/** What the scanner knew when it looked. */
export interface Knowledge {
  /** Reference with digest, or the path of a file. */
  readonly source: string;
  readonly digest: string | undefined;
  /** When its publisher made it. */
  readonly updatedAt: Date;
}

/** What a scanner saw, in the terms that every scanner shares. */
export interface Inspection {
  /** What was inspected, as a person names it: a reference with digest here. */
  readonly subject: string;
  /** What was surely seen in the subject, and nothing of any other. */
  readonly findings: readonly Finding[];
  /** Empty when all of the subject was seen; the first one is the root cause. */
  readonly gaps: readonly Gap[];
  /** What a reader has to know though it does not decide: an end of life, a platform left out. */
  readonly notices: readonly string[];
  /** What was looked at, by what, and when. */
  readonly facts: readonly Fact[];
  /** The operating system, where one was found. */
  readonly system?:
    | { readonly family: string; readonly name: string; readonly endOfLife: boolean }
    | undefined;
  readonly packages?: readonly Package[] | undefined;
  /** The vulnerability database. */
  readonly database?: Knowledge | undefined;
  readonly scanner?: { readonly name: string; readonly version: string } | undefined;
  readonly scannedAt?: Date | undefined;
  /** How the image is made that was inspected; of an index, its first. All texts are untrusted. */
  readonly image?:
    | {
        readonly platform: string;
        /** `diffId`s, the lowest first. */
        readonly layers: readonly string[];
        readonly labels: Readonly<Record<string, string>>;
      }
    | undefined;
  /** Serial number (`urn:uuid:…`) of the bill of materials, where one was inspected. */
  readonly bom?: string | undefined;
}
