/** What Jest writes with `--json`, as far as it is used. */
export interface JestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numRuntimeErrorTestSuites: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly startTime: number;
    readonly endTime: number;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      /** How often it was run: 2 for one that failed first. */
      readonly invocations?: number;
    }[];
  }[];
}

/** The tests that only passed when they were tried once more. */
export function secondTries({ testResults }: JestReport): string[] {
  return testResults.flatMap(({ assertionResults }) =>
    assertionResults
      .filter(({ status, invocations = 1 }) => status === 'passed' && invocations > 1)
      .map(({ fullName }) => fullName),
  );
}
