import { existsSync } from 'node:fs';
import type { Runner } from '../../../../shared/action/Runner.ts';
import { type Run, run } from '../../../../shared/process/run.ts';
import { endFolder } from './endFolder.ts';

/** How long a BuildKit that the main step left gets to end by itself. */
const graceMs = 1500;

/** The builders' part of the `post` step: ends what the main step made and could not end itself. */
export async function endBuilder(
  runner: Pick<Runner, 'env' | 'log' | 'readState'>,
  runProgram: Run = run,
): Promise<void> {
  const folder = runner.readState('builder');
  if (folder === undefined || !existsSync(folder)) return;
  runner.log.info('The builder of this step is still there; it is removed.');
  await endFolder(folder, runner, runProgram, graceMs);
}
