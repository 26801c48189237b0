import type { Runner } from '../../../../shared/action/Runner.ts';
import { Failure } from '../../../../shared/failure/Failure.ts';
import { oneLine } from '../../../../shared/log/oneLine.ts';
import type { Run } from '../../../../shared/process/run.ts';
import { type BakeDefinition, printArguments } from '../bakeArguments.ts';
import type { Buildx } from '../builders/Builder.ts';
import { bakeEnvironment } from './bakeEnvironment.ts';
import { type BakeTarget, readTargets } from './readTargets.ts';

/**
 * Asks buildx what it would build; nothing is built, and no builder is asked.
 *
 * @throws {Failure} when the files are wrong, or have no such target
 */
export async function printTargets(
  definition: BakeDefinition,
  buildx: Buildx,
  { env, secrets, signal }: Pick<Runner, 'env' | 'secrets' | 'signal'>,
  run: Run,
): Promise<readonly BakeTarget[]> {
  const { args, env: values } = printArguments(definition, buildx);
  const { exitCode, stdout, stderr, startError } = await run({
    program: buildx.program,
    args,
    env: { ...bakeEnvironment(env), ...buildx.env, ...values },
    stdout: 'machine',
    secrets,
    signal,
  });
  signal.throwIfAborted();
  if (exitCode === 0) return readTargets(stdout);
  const said = startError ?? stderr;
  const error = said.split('\n').findLast((line) => line.startsWith('ERROR:')) ?? said;
  throw new Failure({
    what: 'The bake file cannot be used.',
    why: `${oneLine(error.replace(/^ERROR: /, ''), 500)}.`,
    remedy: 'Correct it, or `bake-targets` and `bake-set`.',
    details: said,
  });
}
