import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Runner } from '../../../../shared/action/Runner.ts';
import type { Run } from '../../../../shared/process/run.ts';
import { endGroup } from '../../../../shared/process/startDaemon.ts';
import { type Made, readMade } from './BuilderFolder.ts';
import { buildxEnvironment } from './findBuildx.ts';
import { killInside } from './killInside.ts';

/** A cluster that does not answer must not hold the job for long. */
const removalMs = 30_000;

/**
 * Ends what a step made, and removes the folder that told of it. What could not be removed is told,
 * and its folder stays for the next one who tries.
 *
 * @param graceMs how long a BuildKit gets to end by itself
 */
export async function endFolder(
  folder: string,
  runner: Pick<Runner, 'env' | 'log'>,
  run: Run,
  graceMs: number,
): Promise<void> {
  const made = readMade(folder);
  if (made?.daemon !== undefined) await endGroup(made.daemon, graceMs);
  if (made?.root !== undefined) killInside(made.root);
  if (made?.buildx !== undefined && !(await removeBuilder(folder, made.buildx, runner, run)))
    return;
  if (made?.remover !== undefined)
    await removeAsItsRoot(made.remover, join(folder, 'root'), runner, run);
  try {
    // The largest part first: who is interrupted in it still finds what the folder tells.
    await rm(join(folder, 'root'), { recursive: true, force: true });
    await rm(folder, { recursive: true, force: true });
  } catch (error) {
    const { message } = error as Error;
    runner.log.warning(`What a builder left could not be removed: ${message}`);
  }
}

async function removeBuilder(
  folder: string,
  { program, prefix, name }: NonNullable<Made['buildx']>,
  { env, log }: Pick<Runner, 'env' | 'log'>,
  run: Run,
): Promise<boolean> {
  const { exitCode, stderr, startError } = await run({
    program,
    args: [...prefix, 'rm', '--force', name],
    env: buildxEnvironment(env, { BUILDX_CONFIG: join(folder, 'buildx') }),
    deadlineMs: removalMs,
  });
  if (exitCode === 0 || /no builder .* found/.test(stderr)) return true;
  // Who may not even ask will not be allowed to the next time.
  const denied = /is forbidden|Unauthorized/.test(stderr);
  log.warning(`The builder ${name} could not be removed; it may still run.`);
  log.untrusted(startError ?? stderr);
  return denied;
}

/** Files of a rootless BuildKit belong to its own user ids; only in its user namespace they can go. */
async function removeAsItsRoot(
  rootlesskit: string,
  root: string,
  { env }: Pick<Runner, 'env'>,
  run: Run,
): Promise<void> {
  await run({
    program: rootlesskit,
    args: ['rm', '-rf', root],
    env: buildxEnvironment(env),
    deadlineMs: removalMs,
  });
}
