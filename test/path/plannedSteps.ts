import { parse } from 'yaml';
import type { PlannedStep } from './collectRun.ts';

interface Workflow {
  readonly jobs: Readonly<Record<string, Job>>;
}
interface Job {
  readonly steps?: readonly Step[];
}
interface Step {
  readonly id?: string;
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
}

/** The steps of a workflow, in its order. */
export function plannedSteps(workflow: string): PlannedStep[] {
  return Object.entries((parse(workflow) as Workflow).jobs).flatMap(([job, { steps = [] }]) =>
    steps.map(({ id, name, uses, run }, index) => ({
      job,
      id: id ?? String(index),
      step: name ?? uses ?? run?.trim() ?? '',
    })),
  );
}
