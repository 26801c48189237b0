import type { Runner } from '../../../../shared/action/Runner.ts';
import type { Result } from '../deploy.ts';
import type { Inputs } from '../inputs.ts';
import { summarize } from '../summarize.ts';

/** Tells what a rollout came to; one that failed fails the step. */
export async function conclude(inputs: Inputs, result: Result, runner: Runner): Promise<void> {
  if (result.url !== undefined) runner.output('url', result.url);
  await runner.summary(summarize(inputs, result));
  if (result.failure !== undefined) throw result.failure;
  runner.log.info(`${inputs.release} is ready: revision ${result.revision}`);
}
