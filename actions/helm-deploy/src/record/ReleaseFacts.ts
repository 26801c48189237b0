/** What is kept of a release that was deployed: version 1 of our deployment record. */
export interface ReleaseFacts {
  readonly version: 1;
  readonly release: string;
  readonly namespace: string;
  readonly revision: number;
  readonly deployedAt: string;
  /** Of GitHub's, where one was given. */
  readonly environment?: string | undefined;
  readonly chart: {
    readonly name: string;
    readonly version: string;
    /** Of the registry's manifest, or of the archive; where the chart was fetched. */
    readonly digest?: string | undefined;
    /** Of what Helm keeps of the chart, wherever it came from. */
    readonly content: string;
  };
  /** Of the values that were given, with `***` for each secret. */
  readonly values: { readonly digest: string };
  /** Of the objects as they were rendered, to the byte. */
  readonly manifest: { readonly digest: string };
  readonly images: readonly ReleaseImage[];
  readonly run: RunFacts;
}

export interface ReleaseImage {
  readonly image: string;
  readonly usedBy: readonly string[];
  /** Where evidence was required. */
  readonly verdict?: {
    readonly result: 'PASSED';
    readonly policy: string;
    readonly verifier: string;
    readonly verifiedAt: string;
  };
}

/** The run that deployed it. */
export interface RunFacts {
  readonly repository: string;
  readonly commit: string;
  readonly ref: string;
  /** File and ref of the workflow. */
  readonly workflow: string;
  readonly url: string;
  readonly attempt: string;
  readonly actor: string;
}
