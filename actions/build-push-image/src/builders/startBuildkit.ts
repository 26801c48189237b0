import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Runner } from '../../../../shared/action/Runner.ts';
import { Failure } from '../../../../shared/failure/Failure.ts';
import { childEnvironment } from '../../../../shared/process/childEnvironment.ts';
import type { Run } from '../../../../shared/process/run.ts';
import { type Daemon, startDaemon } from '../../../../shared/process/startDaemon.ts';
import type { Builder } from './Builder.ts';
import { makeFolder, writeMade } from './BuilderFolder.ts';
import { buildkitCommand, socketOf } from './buildkitCommand.ts';
import { endFolder } from './endFolder.ts';
import { explainStart } from './explainStart.ts';
import { findPrograms } from './findPrograms.ts';
import { readFlag } from './readFlag.ts';
import type { Options } from './readWish.ts';
import { remoteBuilder } from './remoteBuilder.ts';
import { tryConnect } from './tryConnect.ts';

/** It takes some 0.2 s; a slow disk and a large `root` take longer. */
const deadlineMs = 60_000;

/**
 * Starts a BuildKit for this step: its socket, its log and (unless `root` says another place) its
 * content in a folder that goes with it.
 *
 * @throws {Failure} with what is missing or not allowed on this machine
 */
export async function startBuildkit(
  options: Options,
  runner: Runner,
  runProgram: Run,
): Promise<Builder> {
  const { env, log, signal } = runner;
  const rootless = readFlag(options, 'rootless') ?? process.getuid?.() !== 0;
  const programs = await findPrograms(runner, rootless);
  const workspace = env.GITHUB_WORKSPACE ?? '.';
  const folder = makeFolder(env);
  writeMade(folder, { remover: programs.rootlesskit });
  runner.saveState('builder', folder);

  const plan = {
    folder,
    root: options.root === undefined ? join(folder, 'root') : resolve(workspace, options.root),
    config: options.config && resolve(workspace, options.config),
    processSandbox: readFlag(options, 'process-sandbox') ?? true,
  };
  await mkdir(plan.root, { recursive: true });
  const logFile = join(folder, 'buildkitd.log');
  const started = performance.now();
  const daemon = await startDaemon({
    ...buildkitCommand(programs, plan),
    env: childEnvironment(env, { XDG_RUNTIME_DIR: env.XDG_RUNTIME_DIR ?? folder }),
    logFile,
  });
  const end = async () => {
    if (typeof daemon !== 'string') await daemon.stop(signal.aborted ? 0 : 1500);
    await endFolder(folder, runner, runProgram, 0);
  };
  try {
    if (typeof daemon === 'string') throw new Failure(explainStart(daemon, !rootless));
    writeMade(folder, { daemon: daemon.mark, root: plan.root, remover: programs.rootlesskit });
    await answers(daemon, socketOf(folder), signal).catch(() => {
      signal.throwIfAborted();
      throw new Failure(explainStart(readFileSync(logFile, 'utf8'), !rootless));
    });
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    log.info(`BuildKit runs for this step${rootless ? ', without root' : ''} (${seconds} s)`);
    const builder = await remoteBuilder(`unix://${socketOf(folder)}`, runner, runProgram);
    return { ...builder, [Symbol.asyncDispose]: end };
  } catch (error) {
    await end();
    throw error;
  }
}

/** @throws {Error} when it ends, or does not answer in time */
async function answers(daemon: Daemon, socket: string, signal: AbortSignal): Promise<void> {
  const deadline = performance.now() + deadlineMs;
  for (let wait = 10; ; wait = Math.min(wait * 1.5, 200)) {
    if ((await tryConnect({ path: socket })) === undefined) return;
    if (!daemon.runs() || performance.now() > deadline) throw new Error('no answer');
    await sleep(wait, undefined, { signal });
  }
}
