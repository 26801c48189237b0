import type { Runner } from '../../../shared/action/Runner.ts';
import { Failure } from '../../../shared/failure/Failure.ts';
import { type Run, run } from '../../../shared/process/run.ts';
import { nearest } from '../../../shared/text/nearest.ts';
import type { Builder, Buildx, Capabilities } from './builders/Builder.ts';
import { findBuildx, ownBuildx } from './builders/findBuildx.ts';
import { inspectBuilder } from './builders/inspectBuilder.ts';
import { readWish } from './builders/readWish.ts';
import { remoteBuilder } from './builders/remoteBuilder.ts';
import { sweepBuilders } from './builders/sweepBuilders.ts';

export type { Builder } from './builders/Builder.ts';

/** What the build asks of its builder; nothing by default. */
export type Needs = Partial<Capabilities>;

/**
 * Finds a builder as the input says, or makes one for this step: the named one, the BuildKit at an
 * address (or in `BUILDKIT_HOST`), one that is started here, in a cluster or in a container; without
 * any word of it the current one of buildx, or where no docker answers a BuildKit that is started.
 *
 * @throws {Failure} when it is not there, does not answer, or may not be made
 */
export async function findBuilder(
  wanted: string | undefined,
  runner: Runner,
  runProgram: Run = run,
  needs: Needs = {},
): Promise<Builder> {
  const wish = readWish(wanted, runner.env);
  await sweepBuilders(runner, runProgram);
  if (wish.kind === 'address') return remoteBuilder(wish.address, runner, runProgram);
  if (wish.kind === 'start') return start(wish.options, runner, runProgram);
  if (wish.kind === 'kubernetes' || wish.kind === 'docker-container') {
    const buildx = await (wish.kind === 'kubernetes'
      ? ownBuildx(runner)
      : findBuildx(runner, runProgram));
    return create(wish.kind, wish.options, buildx, runner, runProgram);
  }
  const name = wish.kind === 'named' ? wish.name : undefined;
  const buildx = await findBuildx(runner, runProgram);
  const seen = await inspectBuilder(buildx, name, runner.signal, runProgram);
  if ('refused' in seen) throw notThere(name, seen.refused);
  const isDocker = seen.driver === '' || seen.driver === 'docker';
  if (seen.error !== undefined && isDocker) {
    // An engine that somebody named is meant, whether or not it answers.
    const { DOCKER_HOST, DOCKER_CONTEXT } = runner.env;
    if (name !== undefined || DOCKER_HOST || DOCKER_CONTEXT) throw notThere(name, seen.error);
    runner.log.info('No docker engine answers here, and no builder is named: one is started.');
    return start({}, runner, runProgram);
  }
  const lacking = (Object.keys(needs) as (keyof Needs)[]).filter(
    (need) => needs[need] && !seen[need],
  );
  if (name === undefined && isDocker && lacking.length > 0) {
    runner.log.info(
      'The docker engine itself cannot make such an image: a builder is started in it.',
    );
    return create('docker-container', {}, buildx, runner, runProgram);
  }
  const { driver, platforms, canAttest, canCacheExport, canMultiPlatform } = seen;
  return {
    ...buildx,
    ...{ name, driver, platforms, canAttest, canCacheExport, canMultiPlatform },
    async [Symbol.asyncDispose]() {
      // It was there before this step.
    },
  };
}

/** Few steps start a builder, so only they load what that needs. */
async function start(options: Readonly<Record<string, string>>, runner: Runner, runProgram: Run) {
  const { startBuildkit } = await import('./builders/startBuildkit.ts');
  return startBuildkit(options, runner, runProgram);
}

async function create(
  driver: 'kubernetes' | 'docker-container',
  options: Readonly<Record<string, string>>,
  buildx: Buildx,
  runner: Runner,
  runProgram: Run,
) {
  const { createBuilder } = await import('./builders/createBuilder.ts');
  return createBuilder(driver, options, buildx, runner, runProgram);
}

/** Words in place of a name: such a builder is made for the step. */
const madeHere = ['start', 'docker-container', 'kubernetes'];

function notThere(name: string | undefined, said: string): Failure {
  const unknown = /no builder "[^"]*" found/.test(said);
  if (unknown) {
    const meant = name && nearest(name, madeHere);
    const guess = meant ? `Did you mean \`${meant}\`? ` : '';
    const remedy = `${guess}Check \`builder\`, or leave it out to use the current one.`;
    return new Failure({ what: `There is no builder ${name}.`, remedy });
  }
  return new Failure({
    what: `The builder${name === undefined ? '' : ` ${name}`} does not answer.`,
    why: `${said
      .replace(/^ERROR: /, '')
      .split('\n')
      .at(-1)}.`,
    remedy: 'Start it in an earlier step, or let this step start one: `start` in `builder`.',
  });
}
