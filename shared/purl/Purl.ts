/** A package URL, taken apart (github.com/package-url/purl-spec). */
export interface Purl {
  readonly type: string;
  readonly namespace: string;
  readonly name: string;
  /** `undefined` where it means every version. */
  readonly version: string | undefined;
  readonly qualifiers: ReadonlyMap<string, string>;
}
