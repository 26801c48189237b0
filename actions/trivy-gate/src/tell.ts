import type { Runner } from '../../../shared/action/Runner.ts';
import { largestSummary } from '../../../shared/action/writeSummary.ts';
import { Failure } from '../../../shared/failure/Failure.ts';
import type { GitHub } from '../../../shared/github/GitHub.ts';
import { sarif } from '../../../shared/report/sarif/sarif.ts';
import { verdictReport } from '../../../shared/report/verdictReport.ts';
import { consequenceOf } from './conclude.ts';
import type { Attestation } from './evidence/attestAsWished.ts';
import type { Gate } from './Gate.ts';
import type { Inputs } from './inputs.ts';
import { categoryOf, sarifOptions, title } from './naming.ts';
import type { Seen } from './Seen.ts';

interface Advice {
  /** On which base there would be less that counts, where that was asked for. Untrusted. */
  readonly advice: string | undefined;
}

/** Tells people: in the summary, in the pull request, and in code scanning, as far as it is asked for. */
export async function tell(
  seen: Seen,
  { attached, advice }: Attestation & Advice,
  inputs: Inputs,
  gate: Gate,
  runner: Runner,
): Promise<void> {
  const { inspection, judgement, removed } = seen;
  const { outcome } = judgement.verdict;
  const lenient = outcome !== 'pass' && consequenceOf(outcome, inputs) === 'warn';
  const evidence = attached && {
    name: 'Evidence',
    value: 'the signed verdict is attached as',
    exact: attached.verdict,
  };
  const facts = [...inspection.facts, ...(evidence ? [evidence] : [])];
  const markdown = verdictReport({ ...inspection, facts }, judgement, {
    title,
    remarks: lenient ? [`The step goes on all the same (on-${outcome}: warn).`] : [],
    bytes: largestSummary - 1,
    removed,
    recommendation: advice,
    dockerfile: inputs.reports.dockerfile,
  });
  await runner.summary(markdown.text);
  const { github } = gate;
  if (github === undefined) return;
  if (inputs.reports.comment) await comment(seen, inputs, gate, github, runner);
  if (inputs.reports.uploadSarif) await upload(seen, inputs, gate, github, runner);
}

/** What cannot be told on GitHub changes no verdict: it is a warning. */
export async function orWarn(
  what: string,
  { log, signal }: Runner,
  publish: () => Promise<unknown>,
) {
  try {
    await publish();
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof Failure)) throw error;
    log.warning(`${what} ${error.message}`);
  }
}

async function comment(
  { inspection, judgement, removed }: Seen,
  inputs: Inputs,
  { event }: Gate,
  github: GitHub,
  runner: Runner,
): Promise<void> {
  const { number } = event;
  if (number === undefined) {
    runner.log.info('There is no comment: this run is of no pull request.');
    return;
  }
  const { commentReport } = await import('../../../shared/report/commentReport.ts');
  const { upsertComment } = await import('../../../shared/github/upsertComment.ts');
  const { GITHUB_SERVER_URL, GITHUB_REPOSITORY, GITHUB_RUN_ID } = runner.env;
  const body = commentReport(inspection, judgement, {
    title,
    removed,
    url: `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}/actions/runs/${GITHUB_RUN_ID}`,
    dockerfile: inputs.reports.dockerfile,
  });
  await orWarn('The pull request got no comment.', runner, () =>
    upsertComment(github, { number, key: categoryOf(inputs), body: body.text }),
  );
}

/** Gives the findings to code scanning, unless it would close the alerts of what was not seen. */
export async function upload(
  seen: Seen,
  inputs: Inputs,
  { event: { number, commit } }: Pick<Gate, 'event'>,
  github: GitHub,
  runner: Runner,
): Promise<void> {
  const { inspection, judgement } = seen;
  if (judgement.verdict.outcome === 'incomplete') {
    // GitHub would close the alerts of what was not seen.
    runner.log.info('Nothing is given to code scanning: the verdict is incomplete.');
    return;
  }
  const { uploadSarif } = await import('../../../shared/github/uploadSarif.ts');
  const { env } = runner;
  const options = { ...sarifOptions(inputs), waived: 'left out' as const };
  await orWarn('Code scanning did not take the findings.', runner, () =>
    uploadSarif(github, {
      sarif: sarif(inspection, judgement, options).text,
      commitSha: commit,
      ref: number === undefined ? (env.GITHUB_REF ?? '') : `refs/pull/${number}/head`,
    }),
  );
}
