import type { Runner } from '../../../shared/action/Runner.ts';
import { largestSummary } from '../../../shared/action/writeSummary.ts';
import { verdictReport } from '../../../shared/report/verdictReport.ts';
import { countBySeverity } from '../../../shared/verdict/countBySeverity.ts';
import type { Judgement } from '../../../shared/verdict/Verdict.ts';
import { consequenceOf } from './conclude.ts';
import type { Inputs } from './inputs.ts';
import type { Seen } from './inspectImage.ts';

/** Writes the outputs and the summary: before the step may fail, so that both are there in any case. */
export async function publish(
  { inspection, reportPath }: Seen,
  judgement: Judgement,
  inputs: Inputs,
  runner: Runner,
): Promise<void> {
  const { outcome } = judgement.verdict;
  runner.output('verdict', outcome);
  if (reportPath !== undefined) {
    runner.output('findings', JSON.stringify(countBySeverity(inspection.findings)));
    runner.output('report', reportPath);
  }
  const lenient = outcome !== 'pass' && consequenceOf(outcome, inputs) === 'warn';
  const markdown = verdictReport(inspection, judgement, {
    title: 'Trivy gate',
    remarks: lenient ? [`The step goes on all the same (on-${outcome}: warn).`] : [],
    bytes: largestSummary - 1,
  });
  await runner.summary(markdown.text);
}
