import { Failure } from '../../shared/failure/Failure.ts';
import { childEnvironment } from '../../shared/process/childEnvironment.ts';
import { run } from '../../shared/process/run.ts';

export interface CommandOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly input?: string | Uint8Array;
  /** Do not fail when the program does. */
  readonly allowFailure?: boolean;
}

/**
 * Runs a program of the machine for the lab.
 *
 * @returns its standard output
 * @throws {Failure} with its last words
 */
export async function command(
  program: string,
  args: readonly string[],
  { env = {}, cwd, input, allowFailure = false }: CommandOptions = {},
): Promise<string> {
  const outcome = await run({
    program,
    args,
    env: childEnvironment(process.env, env),
    stdout: 'machine',
    ...(cwd !== undefined && { cwd }),
    ...(input !== undefined && { input }),
  });
  if (outcome.exitCode !== 0 && !allowFailure) {
    throw new Failure({
      what: `${program} ${args.slice(0, 3).join(' ')} failed.`,
      why: outcome.startError ?? outcome.stderr.trim().split('\n').at(-1),
      details: `${outcome.stdout}${outcome.stderr}`,
    });
  }
  return outcome.stdout;
}
