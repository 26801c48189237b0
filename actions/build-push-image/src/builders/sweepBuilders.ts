import { statSync } from 'node:fs';
import type { Runner } from '../../../../shared/action/Runner.ts';
import { isRunning } from '../../../../shared/process/ProcessMark.ts';
import { type Run, run } from '../../../../shared/process/run.ts';
import { listFolders, readMade } from './BuilderFolder.ts';
import { endFolder } from './endFolder.ts';

/** A step writes what it makes at once; a folder that is older and says nothing belongs to nobody. */
const youngMs = 60_000;

/** Ends what steps that were killed on this machine have left: BuildKits, pods, containers, files. */
export async function sweepBuilders(
  runner: Pick<Runner, 'env' | 'log'>,
  runProgram: Run = run,
  now = Date.now(),
): Promise<void> {
  for (const folder of listFolders(runner.env)) {
    const made = readMade(folder);
    const left =
      made === undefined
        ? now - (statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? now) > youngMs
        : isRunning(made.step) === false;
    if (!left) continue;
    runner.log.info('A step before this one was killed; its builder is removed.');
    await endFolder(folder, runner, runProgram, 0);
  }
}
