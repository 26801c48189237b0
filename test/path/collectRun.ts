/** One line of `act --json`, as far as it is used. */
export interface ActLine {
  readonly level: string;
  readonly msg: string;
  readonly job?: string;
  /** As in the workflow; `job` has the names of the workflow and of the matrix leg, too. */
  readonly jobID?: string;
  readonly stepID?: readonly string[];
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

/** A step as the workflow has it. */
export interface PlannedStep {
  readonly job: string;
  /** As act has it: its `id`, or its place in the job. */
  readonly id: string;
  readonly step: string;
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
  /** In the order in which they ran; those that did not come behind their job's, as `skipped`. */
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
  planned: readonly PlannedStep[],
): WorkflowRun {
  const commands = (name: string) => lines.filter((line) => line.command === name);
  return {
    exitCode,
    actSaid,
    steps: [...stepsThatRan(lines), ...stepsThatDidNot(lines, planned)],
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

function stepsThatRan(lines: readonly ActLine[]): StepRun[] {
  return lines.flatMap(({ job, step, stage, stepResult, executionTime }) =>
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
  );
}

/** act says nothing of the jobs and steps behind a failure. */
function stepsThatDidNot(lines: readonly ActLine[], planned: readonly PlannedStep[]): StepRun[] {
  const key = (job = '', step = '') => `${job} ${step}`;
  const ran = new Set(
    lines
      .filter(({ stepResult }) => stepResult !== undefined)
      .map(({ jobID, stepID }) => key(jobID, stepID?.[0])),
  );
  return planned
    .filter(({ job, id }) => !ran.has(key(job, id)))
    .map(({ job, step }) => ({ job, step: shortName(step), result: 'skipped', seconds: 0 }));
}

/** `owner/name/actions/trivy-gate@v1` is called `trivy-gate`. */
export function shortName(step: string): string {
  return (
    step
      .replace(/@[^@]*$/, '')
      .split('/')
      .at(-1) ?? step
  );
}
