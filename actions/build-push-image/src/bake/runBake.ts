import { readFile } from 'node:fs/promises';
import { isAbsolute, join, relative } from 'node:path';
import { setTimeout as timer } from 'node:timers/promises';
import type { LoggedIn } from '../../../../shared/action/login/logIn.ts';
import type { Runner } from '../../../../shared/action/Runner.ts';
import { Failure } from '../../../../shared/failure/Failure.ts';
import type { Run } from '../../../../shared/process/run.ts';
import { type BakePlan, bakeArguments } from '../bakeArguments.ts';
import { explainForeign, metForeign } from '../builders/emulation.ts';
import { classifyPushFailure } from '../classifyPushFailure.ts';
import { explainBuildFailure } from '../explainBuildFailure.ts';
import type { Builder } from '../findBuilder.ts';
import { isAddress } from '../options/readContext.ts';
import { type Ran, runBuildx } from '../runBuildx.ts';
import { bakeEnvironment } from './bakeEnvironment.ts';
import type { BakeTarget } from './readTargets.ts';

/** A push that failed is asked for again after these waits. */
const waitsMs = [2000, 8000, 30_000];

export interface BakeTools {
  readonly builder: Builder;
  readonly targets: readonly BakeTarget[];
  readonly lastRefusal: LoggedIn['lastRefusal'];
  readonly run?: Run | undefined;
}

/**
 * Builds the targets, and pushes them. A push that fails by what may pass is asked for again: what was
 * built comes from the builder's cache then, so that no step runs twice.
 *
 * @returns how it went, and what buildx wrote about it
 * @throws {Failure} that names the cause
 */
export async function runBake(
  plan: BakePlan,
  tools: BakeTools,
  runner: Runner,
): Promise<Pick<Ran, 'progress'> & { readonly metadata: string }> {
  const { log, signal, tempDir } = runner;
  const metadataFile = join(tempDir, 'bake-metadata.json');
  const { builder } = tools;
  const environment = { ...builder, env: { ...bakeEnvironment(runner.env), ...builder.env } };
  const again = { ...plan, noCache: false, pull: false, set: [...plan.set, '*.no-cache=false'] };
  let ran = await runBuildx(
    bakeArguments(plan, builder, metadataFile),
    environment,
    runner,
    tools.run,
  );
  for (const wait of waitsMs) {
    const failure = ran.outcome.exitCode === 0 ? undefined : pushFailure(plan, ran);
    if (failure === undefined) break;
    log.untrusted(`The push of ${failure.reference} failed: ${failure.why}`);
    log.info('What is built is kept by the builder; it is asked to push once more.');
    await timer(wait, undefined, { signal });
    const command = bakeArguments(again, builder, metadataFile);
    ran = await runBuildx(command, environment, runner, tools.run);
  }
  if (ran.outcome.exitCode !== 0) throw explain(ran, tools, runner);
  const metadata = await readFile(metadataFile, 'utf8').catch(() => '{}');
  return { progress: ran.progress, metadata };
}

function pushFailure({ output }: BakePlan, { progress }: Ran) {
  const failure = output === 'push' ? classifyPushFailure(progress.lastWords) : undefined;
  return failure?.kind === 'final' ? undefined : failure;
}

function explain(
  { outcome, progress }: Ran,
  { builder, targets, lastRefusal }: BakeTools,
  { env }: Runner,
): Failure {
  const said = outcome.startError ?? progress.lastWords;
  const refusal = lastRefusal();
  if (refusal !== undefined && /credentials|denied|unauthorized|401|403/i.test(said))
    return refusal;
  const failed = /^ERROR: target ([\w.-]+):/m.exec(said)?.[1];
  const target = targets.find(({ name }) => name === failed) ?? targets[0];
  const parts = explainBuildFailure(said, (target && dockerfileOf(target, env)) ?? '');
  if (!metForeign(said)) return new Failure(parts);
  return new Failure({ ...parts, ...explainForeign(target?.platforms ?? [], builder.platforms) });
}

/** The path in the repository of a target's Dockerfile, where it lies there. */
export function dockerfileOf(
  { context, dockerfile }: BakeTarget,
  { GITHUB_WORKSPACE: workspace = '.' }: Runner['env'],
): string | undefined {
  if (isAddress(context)) return undefined;
  const folder = isAbsolute(context) ? context : join(workspace, context);
  const path = relative(workspace, isAbsolute(dockerfile) ? dockerfile : join(folder, dockerfile));
  return path.startsWith('..') ? undefined : path;
}
