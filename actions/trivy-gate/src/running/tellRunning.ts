import type { Runner } from '../../../../shared/action/Runner.ts';
import { largestSummary } from '../../../../shared/action/writeSummary.ts';
import { consequenceOf } from '../conclude.ts';
import type { Gate } from '../Gate.ts';
import type { Inputs } from '../inputs.ts';
import { title } from '../naming.ts';
import type { Seen } from '../Seen.ts';
import { orWarn, upload } from '../tell.ts';
import type { ComponentResult } from './componentResults.ts';
import { keepIssues } from './keepIssues.ts';
import type { RunningTarget } from './RunningTarget.ts';
import { runningReport } from './runningReport.ts';
import type { ScannedImage } from './scanEach.ts';
import type { Running } from './surveyRunning.ts';

interface Told {
  readonly running: Running;
  readonly scanned: readonly ScannedImage[];
  readonly results: readonly ComponentResult[];
  readonly seen: Seen;
}

/** Tells people: in the summary, in an issue a component, and in code scanning, as far as it is asked for. */
export async function tellRunning(
  { running, scanned, results, seen }: Told,
  inputs: Inputs<RunningTarget>,
  gate: Gate,
  runner: Runner,
): Promise<void> {
  const { outcome } = seen.judgement.verdict;
  const { github } = gate;
  const lenient = outcome !== 'pass' && consequenceOf(outcome, inputs) === 'warn';
  const report = runningReport(seen, results, scanned, {
    title,
    remarks: lenient ? [`The step goes on all the same (on-${outcome}: warn).`] : [],
    bytes: largestSummary - 1,
  });
  await runner.summary(report.text);
  if (github === undefined) return;
  // GitHub would close the alerts of images that were not seen.
  const whole = seen.inspection.gaps.length === 0;
  if (inputs.reports.uploadSarif && whole) await upload(seen, inputs, gate, github, runner);
  else if (inputs.reports.uploadSarif) {
    runner.log.info('Nothing is given to code scanning: not all was seen.');
  }
  if (!inputs.reports.issue) return;
  const { GITHUB_SERVER_URL, GITHUB_REPOSITORY, GITHUB_RUN_ID } = runner.env;
  const { cluster, namespaces, gaps } = running;
  // Of pods that were not listed it is not known that they are gone.
  const isListed = (namespace: string) =>
    gaps.length === 0 && (namespaces === 'all' || namespaces.includes(namespace));
  await orWarn('Not all issues are as they should be.', runner, () =>
    keepIssues(github, results, {
      category: inputs.reports.category ?? `trivy-gate/running/${cluster}`,
      url: `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}/actions/runs/${GITHUB_RUN_ID}`,
      isListed,
    }),
  );
}
