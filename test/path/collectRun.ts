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
  /** In the workflow's order, those that did not run as `skipped`. */
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
    steps: stepsOf(lines, planned),
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

/** Those that ran and, as `skipped`, those of which act says nothing: behind a failure, or by their `if`. */
function stepsOf(lines: readonly ActLine[], planned: readonly PlannedStep[]): StepRun[] {
  const ran = lines.flatMap(({ job, jobID, step, stepID, stage, stepResult, executionTime }) => {
    if (stepResult === undefined || stage !== 'Main' || step === undefined) return [];
    const place = planned.findIndex(({ job, id }) => job === jobID && id === stepID?.[0]);
    const run: StepRun = {
      job: job?.split('/').at(-1) ?? '',
      step: shortName(step),
      result: stepResult,
      seconds: (executionTime ?? 0) / 1e9,
    };
    return [{ place, run }];
  });
  const others = [...planned.entries()]
    .filter(([index]) => !ran.some(({ place }) => place === index))
    .map(([place, { job, step }]) => ({
      place,
      run: { job, step: shortName(step), result: 'skipped', seconds: 0 },
    }));
  return [...ran, ...others].sort((a, b) => a.place - b.place).map(({ run }) => run);
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
