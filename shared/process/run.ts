import { execa } from 'execa';
import { Cancelled } from './Cancelled.ts';
import type { Environment } from './childEnvironment.ts';
import { Tail } from './keepTail.ts';
import { endWithUs, hasEnded, signalGroup } from './processGroups.ts';
import { Redactor } from './redact.ts';
import { LineSplitter } from './splitLines.ts';

/** What is kept in memory of each of a program's two streams unless told otherwise, in characters. */
const keptOutput = 1024 * 1024;

/** After SIGINT a program gets 5 s, after SIGTERM 1.5 s: the runner itself allows 7.5 s and 2.5 s. */
const graceMs = { SIGINT: 5000, SIGTERM: 1500 } as const;

export interface Command {
  /** A path, or a name to be found on the environment's PATH. Never a shell word. */
  readonly program: string;
  readonly args: readonly string[];
  /** The whole environment of the child; see `childEnvironment`. */
  readonly env: Environment;
  readonly cwd?: string | undefined;
  /** What is written to its standard input; without it the input is empty. */
  readonly input?: string | Uint8Array | undefined;
  /** Removed from everything that comes back, in every usual encoding. */
  readonly secrets?: Iterable<string>;
  /**
   * `machine` output is parsed, never shown: it comes back as the program wrote it, since a
   * redacted JSON document may not be one.
   */
  readonly stdout?: 'people' | 'machine';
  /** How much of its standard output is kept, in characters; 1 Mi by default. */
  readonly kept?: number | undefined;
  /** Each line as it comes, without secrets, still untrusted. */
  readonly onLine?: ((line: string, stream: 'stdout' | 'stderr') => void) | undefined;
  /** When it aborts, the whole process group is asked to stop, then killed. */
  readonly signal?: AbortSignal | undefined;
  readonly deadlineMs?: number | undefined;
}

export interface Outcome {
  /** `undefined` when a signal ended it, or it could not start. */
  readonly exitCode: number | undefined;
  /** The signal that ended it. */
  readonly killedBy: string | undefined;
  /** Why it did not run at all, such as `spawn ENOENT`. */
  readonly startError: string | undefined;
  readonly endedBy: 'itself' | 'deadline' | 'cancellation';
  /** The last 1 Mi characters, or as many as were asked for. */
  readonly stdout: string;
  readonly stderr: string;
  /** Whether an earlier part of stdout was dropped. */
  readonly stdoutTruncated: boolean;
  readonly durationMs: number;
}

/** How the library runs a program; tests give their own. */
export type Run = (command: Command) => Promise<Outcome>;

/**
 * Runs a program to its end and tells how it ended; a program that fails is not an error here.
 *
 * @throws {Cancelled} never: a cancelled program comes back as `endedBy: 'cancellation'`.
 */
export const run: Run = async (command) => {
  const started = performance.now();
  if (command.signal?.aborted) return notStarted(started);

  const child = execa(command.program, [...command.args], {
    ...(command.cwd !== undefined && { cwd: command.cwd }),
    env: { ...command.env },
    extendEnv: false,
    // A group of its own, so that a signal reaches its children as well and never ourselves.
    detached: true,
    buffer: false,
    reject: false,
    stripFinalNewline: false,
    ...(command.input === undefined ? { stdin: 'ignore' } : { input: command.input }),
  });
  const group = child.pid;
  if (group !== undefined) endWithUs(group);

  const secrets = [...(command.secrets ?? [])];
  const stdout = new Tail(command.kept ?? keptOutput);
  const stderr = new Tail(keptOutput);
  const raw = command.stdout === 'machine';
  const drained = Promise.all([
    collect(child.stdout, raw ? [] : secrets, stdout, raw ? undefined : lineSink('stdout')),
    collect(child.stderr, secrets, stderr, lineSink('stderr')),
  ]);

  function lineSink(stream: 'stdout' | 'stderr') {
    const { onLine } = command;
    return onLine && ((line: string) => onLine(line, stream));
  }

  const stopper = group === undefined ? undefined : new Stopper(group);
  const onAbort = () => stopper?.stop('cancellation', abortSignalName(command.signal));
  command.signal?.addEventListener('abort', onAbort, { once: true });
  const deadline =
    command.deadlineMs === undefined
      ? undefined
      : setTimeout(() => stopper?.stop('deadline', 'SIGTERM'), command.deadlineMs);

  const result = await child;
  clearTimeout(deadline);
  command.signal?.removeEventListener('abort', onAbort);
  stopper?.done();
  if (group !== undefined) hasEnded(group);
  await drained;

  return {
    exitCode: result.exitCode,
    killedBy: result.signal,
    startError:
      group === undefined ? (result.originalMessage ?? 'it could not be started') : undefined,
    endedBy: stopper?.reason ?? 'itself',
    stdout: stdout.text(),
    stderr: stderr.text(),
    stdoutTruncated: stdout.truncated,
    durationMs: performance.now() - started,
  };
};

/** Ends a process group: politely, then by force, children that outlive their parent included. */
class Stopper {
  readonly #group: number;
  #timer: NodeJS.Timeout | undefined;
  reason: 'deadline' | 'cancellation' | undefined;

  constructor(group: number) {
    this.#group = group;
  }

  stop(reason: 'deadline' | 'cancellation', signal: 'SIGINT' | 'SIGTERM'): void {
    if (this.reason !== undefined) return;
    this.reason = reason;
    signalGroup(this.#group, signal);
    this.#timer = setTimeout(() => signalGroup(this.#group, 'SIGKILL'), graceMs[signal]);
  }

  done(): void {
    clearTimeout(this.#timer);
    if (this.reason !== undefined) signalGroup(this.#group, 'SIGKILL');
  }
}

async function collect(
  stream: NodeJS.ReadableStream,
  secrets: readonly string[],
  tail: Tail,
  onLine: ((line: string) => void) | undefined,
): Promise<void> {
  const redactor = new Redactor(secrets);
  const lines = onLine && new LineSplitter(onLine);
  const take = (text: string) => {
    tail.write(text);
    lines?.write(text);
  };
  stream.setEncoding('utf8');
  try {
    for await (const chunk of stream) take(redactor.write(String(chunk)));
  } catch {
    // The pipe broke when its process was killed; what came before is kept.
  }
  take(redactor.end());
  lines?.end();
}

function abortSignalName(signal: AbortSignal | undefined): 'SIGINT' | 'SIGTERM' {
  return signal?.reason instanceof Cancelled ? signal.reason.signal : 'SIGTERM';
}

function notStarted(started: number): Outcome {
  return {
    exitCode: undefined,
    killedBy: undefined,
    startError: undefined,
    endedBy: 'cancellation',
    stdout: '',
    stderr: '',
    stdoutTruncated: false,
    durationMs: performance.now() - started,
  };
}
