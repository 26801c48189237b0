import type { Runner } from '../../../../../shared/action/Runner.ts';
import { largestSummary } from '../../../../../shared/action/writeSummary.ts';
import { redact } from '../../../../../shared/process/redact.ts';
import type { Inputs } from '../../inputs.ts';
import type { Plan } from './Plan.ts';
import { type PlanReportOptions, planReport } from './planReport.ts';

/** GitHub takes 65,536 characters of a comment, of which each has a byte or more. */
const largestComment = 60_000;

/** Tells a plan in the log, in the summary and, where it is wished, in the pull request. */
export async function tellPlan(
  plan: Plan,
  told: Omit<PlanReportOptions, 'bytes'>,
  inputs: Inputs,
  runner: Runner,
): Promise<void> {
  const report = (bytes: number) =>
    redact(planReport(plan, { ...told, bytes }).text, runner.secrets);
  for (const { object, change, fields } of plan.objects) {
    if (change === 'unchanged') continue;
    runner.log.untrusted(`${change.padEnd(8)} ${object}`);
    for (const { path } of fields) runner.log.untrusted(`           ${path}`);
  }
  await runner.summary(report(largestSummary - 1));
  if (!inputs.comment) return;
  const { commentOn } = await import('./commentOn.ts');
  await commentOn(report(largestComment), inputs, runner);
}
