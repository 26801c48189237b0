import type { Runner } from '../../../shared/action/Runner.ts';
import { type Outcome, type Run, run } from '../../../shared/process/run.ts';
import { dyingWithUs } from '../../../shared/tools/dyingWithUs.ts';
import type { Arguments } from './buildArguments.ts';
import type { Builder } from './findBuilder.ts';
import type { BuildProgress } from './progress/BuildProgress.ts';
import { followBuild } from './progress/followBuild.ts';

export interface Ran {
  readonly outcome: Outcome;
  readonly progress: BuildProgress;
}

/**
 * Runs buildx, and shows what it does. Where the kernel can see to it, it ends with us whatever ends us.
 *
 * @throws the signal's reason when the job was cancelled
 */
export async function runBuildx(
  { args, env }: Arguments,
  builder: Builder,
  { env: stepEnv, log, signal, secrets }: Runner,
  runProgram: Run = run,
): Promise<Ran> {
  const command = await dyingWithUs({ program: builder.program, args }, stepEnv.PATH ?? '');
  const followed = followBuild(log, secrets);
  let progress: BuildProgress | undefined;
  let outcome: Outcome;
  try {
    outcome = await runProgram({
      ...command,
      env: { ...builder.env, ...env },
      signal,
      onLine: (line) => followed.onLine(line),
    });
  } finally {
    progress = await followed.end();
  }
  signal.throwIfAborted();
  return { outcome, progress };
}
