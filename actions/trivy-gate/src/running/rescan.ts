import type { LoggedIn } from '../../../../shared/action/login/logIn.ts';
import type { Runner } from '../../../../shared/action/Runner.ts';
import { conclude } from '../conclude.ts';
import type { Gate } from '../Gate.ts';
import type { Inputs } from '../inputs.ts';
import { publish } from '../publish.ts';
import { combine } from './combine.ts';
import { componentResults } from './componentResults.ts';
import { describeImages } from './describeImages.ts';
import type { RunningTarget } from './RunningTarget.ts';
import { scanEach } from './scanEach.ts';
import { surveyRunning } from './surveyRunning.ts';
import { tellRunning } from './tellRunning.ts';
import { unattested } from './unattested.ts';

/** Asks a cluster what it runs, judges each image of it, tells of each component, and ends by the worst. */
export async function rescan(
  inputs: Inputs<RunningTarget>,
  gate: Gate,
  login: LoggedIn,
  runner: Runner,
): Promise<void> {
  const startedAt = new Date();
  const running = await surveyRunning(inputs.target, runner);
  const scanned = await scanEach(running.images, inputs, gate, login, runner);
  const seen = combine(running, scanned, startedAt);
  runner.output('images', describeImages(scanned));
  await publish(seen, inputs, runner);
  const results = componentResults(running.components, scanned);
  await tellRunning({ running, scanned, results, seen }, inputs, gate, runner);
  conclude(seen, unattested(scanned), inputs, runner.log);
}
