import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Environment } from './childEnvironment.ts';
import { isRunning, markOf, type ProcessMark } from './ProcessMark.ts';
import { endWithUs, hasEnded, signalGroup } from './processGroups.ts';

export interface DaemonCommand {
  readonly program: string;
  readonly args: readonly string[];
  /** The whole environment; see `childEnvironment`. */
  readonly env: Environment;
  /** Where it writes both its streams. */
  readonly logFile: string;
}

/** A program that runs beside us, in a process group of its own, and never longer than we do. */
export interface Daemon {
  /** By which another process finds it, should we be killed. */
  readonly mark: ProcessMark;
  readonly runs: () => boolean;
  /** Asks its group to end, and kills what is left of it after `graceMs`. */
  readonly stop: (graceMs: number) => Promise<void>;
}

const pollMs = 20;

/**
 * Starts a program that runs beside us. It does not keep us from ending; when we end, its group is
 * killed.
 *
 * @returns the daemon, or why it could not be started
 */
export async function startDaemon(command: DaemonCommand): Promise<Daemon | string> {
  const out = openSync(command.logFile, 'a', 0o600);
  const child = spawn(command.program, command.args, {
    detached: true,
    stdio: ['ignore', out, out],
    env: { ...command.env },
  });
  closeSync(out);
  const group = child.pid;
  if (group === undefined) {
    return new Promise((resolve) => child.once('error', (error) => resolve(error.message)));
  }
  endWithUs(group);
  child.unref();
  const mark = markOf(group);
  // Its zombie is collected by Node, whether or not anybody waits for it.
  if (mark === undefined) return 'it ended at once';
  const runs = () => isRunning(mark) === true;
  return {
    mark,
    runs,
    async stop(graceMs) {
      await endGroup(mark, graceMs);
      hasEnded(group);
    },
  };
}

/** Ends the group of a marked process: politely, then by force. Returns when its leader is gone. */
export async function endGroup(mark: ProcessMark, graceMs: number): Promise<void> {
  if (isRunning(mark) !== true) return;
  if (graceMs > 0) {
    signalGroup(mark.pid, 'SIGTERM');
    const deadline = performance.now() + graceMs;
    while (isRunning(mark) === true && performance.now() < deadline) await sleep(pollMs);
  }
  // Children may outlive their parent; nobody else has the number while one of them has it as its group.
  signalGroup(mark.pid, 'SIGKILL');
  while (isRunning(mark) === true) await sleep(pollMs);
}
