import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../../shared/failure/Failure.ts';
import { childEnvironment } from '../../shared/process/childEnvironment.ts';
import { startTimeOf } from '../../shared/process/ProcessMark.ts';
import type { LabContext } from './Part.ts';

/** A program that goes on when the command that started it has ended. */
export interface Daemon {
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Whether it answers; asked until it does. */
  readonly answers: () => Promise<boolean>;
  readonly deadlineMs?: number;
  /** How long it gets after SIGTERM. */
  readonly graceMs?: number;
}

/** What tells our process from another one that got its number later. */
interface Mark {
  readonly pid: number;
  /** In clock ticks since boot: field 22 of /proc/PID/stat. */
  readonly startTime: string;
  /** What it was started with; a change of that wants a new start. */
  readonly definition: string;
}

const logLines = 15;

/**
 * Starts a program in a session of its own, unless it runs already, and returns when it answers.
 *
 * @throws {Failure} with the end of its log, when it ends or does not answer in time
 */
export async function startDaemon(lab: LabContext, daemon: Daemon): Promise<void> {
  const { name, answers, deadlineMs = 60_000 } = daemon;
  const definition = define(lab, daemon);
  if (isRunning(lab, name)) {
    if (readMark(lab, name)?.definition === definition && (await answers())) return;
    await stopDaemon(lab, name);
  }
  const log = join(lab.logDir, `${name}.log`);
  const out = openSync(log, 'w');
  const child = spawn(daemon.program, daemon.args, {
    detached: true,
    stdio: ['ignore', out, out],
    env: { ...childEnvironment(process.env), ...daemon.env },
    cwd: lab.stateDir,
  });
  closeSync(out);
  child.unref();
  const failedToStart = new Promise<string>((resolve) =>
    child.once('error', (error) => resolve(error.message)),
  );
  if (child.pid === undefined) {
    throw new Failure({ what: `${name} could not be started.`, why: await failedToStart });
  }
  writeFileSync(
    markFile(lab, name),
    JSON.stringify({ pid: child.pid, startTime: startTimeOf(child.pid), definition }),
  );

  const deadline = Date.now() + deadlineMs;
  for (let wait = 20; ; wait = Math.min(wait * 1.5, 250)) {
    if (await answers()) return;
    if (startTimeOf(child.pid) === undefined || Date.now() > deadline) {
      const ended = startTimeOf(child.pid) === undefined;
      await stopDaemon(lab, name);
      throw new Failure({
        what: `${name} ${ended ? 'ended at once' : `did not answer within ${deadlineMs / 1000} s`}.`,
        remedy: `Its whole log is ${log}.`,
        details: readFileSync(log, 'utf8').trimEnd().split('\n').slice(-logLines).join('\n'),
      });
    }
    await sleep(wait);
  }
}

/** Ends the program and everything in its process group; returns when it is gone. */
export async function stopDaemon(lab: LabContext, name: string, graceMs = 5000): Promise<void> {
  const mark = readMark(lab, name);
  if (mark !== undefined && isSame(mark)) {
    signalGroup(mark.pid, 'SIGTERM');
    const deadline = Date.now() + graceMs;
    while (isSame(mark) && Date.now() < deadline) await sleep(25);
    signalGroup(mark.pid, 'SIGKILL');
    while (isSame(mark)) await sleep(10);
  }
  rmSync(markFile(lab, name), { force: true });
}

/** Whether the process that we started under this name is there. */
export function isRunning(lab: LabContext, name: string): boolean {
  const mark = readMark(lab, name);
  return mark !== undefined && isSame(mark);
}

/** The command line, the environment, and the configuration files that it names. */
function define(lab: LabContext, { program, args, env = {} }: Daemon): string {
  const hash = createHash('sha256').update(JSON.stringify([program, args, env]));
  for (const argument of args) {
    const path = argument.slice(argument.indexOf('=') + 1);
    if (
      path.startsWith(`${lab.stateDir}/`) &&
      statSync(path, { throwIfNoEntry: false })?.isFile()
    ) {
      hash.update(readFileSync(path));
    }
  }
  return hash.digest('hex');
}

function markFile(lab: LabContext, name: string): string {
  return join(lab.stateDir, `${name}.pid.json`);
}

function readMark(lab: LabContext, name: string): Mark | undefined {
  const path = markFile(lab, name);
  if (!existsSync(path)) return undefined;
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Mark;
  } catch {
    // A crash cut the file; the process is found by its port or not at all.
    return undefined;
  }
}

function isSame({ pid, startTime: wanted }: Mark): boolean {
  return wanted !== undefined && startTimeOf(pid) === wanted;
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
