import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type LeftProcess, pathsBelow, trackedProcesses } from './leftBehind.ts';
import type { Shot } from './sampleShots.ts';

/** GitHub's runner: SIGTERM so long after SIGINT, and the kill so long after SIGTERM. */
const cancellation = { SIGTERM: 7500, SIGKILL: 2500 } as const;

/** What is kept of each stream. */
const tailLength = 64 * 1024;

export interface Victim {
  /** A path, or a name on the PATH of `env`. */
  readonly program: string;
  readonly args: readonly string[];
  /** The whole environment; RUNNER_TRACKING_ID is added. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

export interface SweepOptions {
  readonly shots: readonly Shot[];
  /** What is started for each shot. */
  readonly victim: (shot: Shot) => Victim | Promise<Victim>;
  /** Temporary folders in which nothing new may lie afterwards. */
  readonly folders?: readonly string[];
  /** How long children get to end after the victim. */
  readonly settleMs?: number;
  /** A victim that still runs so long after its shot is killed, and counts as `hung`. */
  readonly deadlineMs?: number;
  /** Called after each shot, when its orphans are dead: the place to run the next step. */
  readonly afterShot?: (result: ShotResult) => void | Promise<void>;
}

export interface ShotResult extends Shot {
  readonly exitCode: number | null;
  readonly killedBy: NodeJS.Signals | null;
  /** Whether it had ended by itself before the shot. */
  readonly missed: boolean;
  readonly hung: boolean;
  /** From the start to the end. */
  readonly durationMs: number;
  /** From the shot to the end. */
  readonly dyingMs: number;
  /** The ends of what it printed. */
  readonly stdout: string;
  readonly stderr: string;
  readonly leftBehind: {
    readonly processes: readonly LeftProcess[];
    readonly files: readonly string[];
  };
}

/**
 * Starts a step again and again, ends it at another moment each time, and tells what it left. Only
 * the step's own process gets the signal, as from the runner; its children are its own affair.
 * Orphans are killed after they have been noted.
 */
export async function killSweep(options: SweepOptions): Promise<readonly ShotResult[]> {
  const results: ShotResult[] = [];
  for (const shot of options.shots) {
    const result = await shoot(shot, options);
    results.push(result);
    await options.afterShot?.(result);
  }
  return results;
}

async function shoot(
  shot: Shot,
  { victim, folders = [], settleMs = 500, deadlineMs = 30_000 }: SweepOptions,
): Promise<ShotResult> {
  const { program, args, env, cwd } = await victim(shot);
  const tracking = `github_${randomUUID()}`;
  const before = pathsBelow(folders);
  const started = performance.now();
  const child = spawn(program, args, {
    // A session of its own: no signal of ours reaches the test, and its children are found by it.
    detached: true,
    env: { ...env, RUNNER_TRACKING_ID: tracking },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(cwd !== undefined && { cwd }),
  });
  const [stdout, stderr] = [keepTail(child.stdout), keepTail(child.stderr)];
  const session = child.pid ?? 0;
  const ended = new Promise<{ exitCode: number | null; killedBy: NodeJS.Signals | null }>(
    (resolve, reject) => {
      child.once('error', reject);
      // Not `close`: an orphan may hold the pipes open.
      child.once('exit', (exitCode, killedBy) => resolve({ exitCode, killedBy }));
    },
  );

  const stopped = new AbortController();
  const wait = (ms: number) =>
    sleep(ms, true, { signal: stopped.signal }).catch(() => false as const);
  let shotAt: number | undefined;
  let hung = false;
  async function fire(): Promise<void> {
    if (!(await wait(shot.afterMs))) return;
    shotAt = performance.now();
    if (shot.signal === 'cancel') await cancel(child, wait, () => killAll(tracking, session));
    else child.kill(shot.signal);
    if (!(await wait(deadlineMs))) return;
    hung = true;
    killAll(tracking, session);
  }
  const firing = fire();
  const how = await ended;
  const endedAt = performance.now();
  stopped.abort();
  await firing;

  const processes = await settled(() => trackedProcesses(tracking, session), settleMs);
  const files = [...pathsBelow(folders)].filter((path) => !before.has(path)).sort();
  // Again and again: one may be starting another just now.
  await settled(() => {
    killAll(tracking, session);
    return trackedProcesses(tracking, session);
  }, 5000);
  return {
    ...shot,
    ...how,
    missed: shotAt === undefined,
    hung,
    durationMs: endedAt - started,
    dyingMs: endedAt - (shotAt ?? endedAt),
    stdout: stdout(),
    stderr: stderr(),
    leftBehind: { processes, files },
  };
}

async function cancel(
  child: ChildProcess,
  wait: (ms: number) => Promise<boolean>,
  kill: () => void,
): Promise<void> {
  child.kill('SIGINT');
  if (!(await wait(cancellation.SIGTERM))) return;
  child.kill('SIGTERM');
  if (!(await wait(cancellation.SIGKILL))) return;
  kill();
}

function killAll(tracking: string, session: number): void {
  for (const { pid } of trackedProcesses(tracking, session)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch (error) {
      // It ended in between.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}

/** What is left when nothing is left, or the time is over. */
async function settled<T>(look: () => readonly T[], ms: number): Promise<readonly T[]> {
  const deadline = performance.now() + ms;
  for (;;) {
    const left = look();
    if (left.length === 0 || performance.now() >= deadline) return left;
    await sleep(20);
  }
}

function keepTail(stream: NodeJS.ReadableStream): () => string {
  let text = '';
  stream.setEncoding('utf8').on('data', (chunk: string) => {
    text = (text + chunk).slice(-tailLength);
  });
  return () => text;
}
