/** One line of `act --json`, as far as it is used. */
export interface ActLine {
  readonly level: string;
  readonly msg: string;
  readonly job?: string;
  readonly step?: string;
  readonly stage?: string;
  readonly stepResult?: string;
  /** Nanoseconds. */
  readonly executionTime?: number;
  readonly command?: string;
  readonly arg?: string;
  readonly name?: string;
  readonly content?: string;
  readonly raw_output?: boolean;
}

export interface StepRun {
  readonly job: string;
  /** What stands under `uses:` or `name:`. */
  readonly step: string;
  readonly result: string;
  readonly seconds: number;
}

/** What a person sees of a workflow run. */
export interface WorkflowRun {
  readonly exitCode: number;
  readonly steps: readonly StepRun[];
  readonly errors: readonly { readonly step: string; readonly message: string }[];
  readonly warnings: readonly string[];
  /** By step and name: `build-push-image digest`. */
  readonly outputs: Readonly<Record<string, string>>;
  readonly summaries: readonly { readonly step: string; readonly markdown: string }[];
  /** All that the steps printed. */
  readonly log: string;
  /** What act itself said on standard error. */
  readonly actSaid: string;
}

/** Puts together what act printed line by line. */
export function collectRun(
  lines: readonly ActLine[],
  exitCode: number,
  actSaid: string,
): WorkflowRun {
  const commands = (name: string) => lines.filter((line) => line.command === name);
  return {
    exitCode,
    actSaid,
    steps: lines.flatMap(({ job, step, stage, stepResult, executionTime }) =>
      stepResult !== undefined && stage === 'Main' && step !== undefined
        ? [
            {
              job: job?.split('/').at(-1) ?? '',
              step: shortName(step),
              result: stepResult,
              seconds: (executionTime ?? 0) / 1e9,
            },
          ]
        : [],
    ),
    errors: commands('error').map(({ step = '', arg = '' }) => ({
      step: shortName(step),
      message: arg,
    })),
    warnings: commands('warning').map(({ arg = '' }) => arg),
    outputs: Object.fromEntries(
      commands('set-output').map(({ step = '', name = '', arg = '' }) => [
        `${shortName(step)} ${name}`,
        arg,
      ]),
    ),
    summaries: commands('summary').map(({ step = '', content = '' }) => ({
      step: shortName(step),
      markdown: content,
    })),
    log: lines.map(({ msg }) => msg).join('\n'),
  };
}

/** `owner/name/actions/trivy-gate@v1` is called `trivy-gate`. */
function shortName(step: string): string {
  return (
    step
      .replace(/@[^@]*$/, '')
      .split('/')
      .at(-1) ?? step
  );
}
