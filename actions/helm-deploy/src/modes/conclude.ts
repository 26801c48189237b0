import type { Runner } from '../../../../shared/action/Runner.ts';
import type { Result } from '../deploy.ts';
import type { Inputs } from '../inputs.ts';
import { type ImageVerdicts, summarize } from '../summarize.ts';
import { reasonOf } from '../verdictOf.ts';

/** Tells what a rollout came to; one that failed fails the step. */
export async function conclude(
  inputs: Inputs,
  result: Result,
  runner: Runner,
  verdicts?: ImageVerdicts,
): Promise<void> {
  const { failure, url, verdict = failure === undefined ? 'pass' : 'violation' } = result;
  if (url !== undefined) runner.output('url', url);
  runner.output('verdict', verdict);
  if (failure !== undefined) runner.output('reason', reasonOf(failure, runner.secrets));
  await runner.summary(summarize(inputs, result, verdicts));
  if (failure !== undefined) throw failure;
  runner.log.info(`${inputs.release} is ready: revision ${result.revision}`);
}
