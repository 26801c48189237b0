import { logIn } from '../../../../shared/action/login/logIn.ts';
import { planLogin } from '../../../../shared/action/login/planLogin.ts';
import { githubRegistry } from '../../../../shared/action/login/readLogin.ts';
import type { Runner } from '../../../../shared/action/Runner.ts';
import { Failure } from '../../../../shared/failure/Failure.ts';
import { formatReference } from '../../../../shared/oci/Reference.ts';
import { run } from '../../../../shared/process/run.ts';
import { readBaked } from '../bake/BakedTarget.ts';
import { bakeProvenance } from '../bake/bakeProvenance.ts';
import { printTargets } from '../bake/printTargets.ts';
import { publishBaked } from '../bake/publishBaked.ts';
import type { BakeTarget } from '../bake/readTargets.ts';
import { dockerfileOf, runBake } from '../bake/runBake.ts';
import { writeMetadata } from '../bake/writeMetadata.ts';
import { findBuildx } from '../builders/findBuildx.ts';
import { findBuilder } from '../findBuilder.ts';
import type { BakeInputs } from '../options/readBake.ts';
import { hostsOf } from '../options/readNamed.ts';
import { warnBuildChecks } from '../progress/warnBuildChecks.ts';
import { registryClient } from '../registryClient.ts';

/** Builds the targets of bake files, pushes them, and hands on their digests. */
export async function bake(inputs: BakeInputs, runner: Runner): Promise<void> {
  const { log, env } = runner;
  const named = await writeMetadata(inputs, false, runner);
  const definition = { ...inputs, files: [...inputs.files, ...named] };
  const targets = await printTargets(definition, await findBuildx(runner, run), runner, run);
  checkTargets(targets, inputs, runner);

  const tags = targets.flatMap((target) => target.tags);
  const plan = planLogin(inputs.login, hostsOf(tags), githubRegistry(env));
  for (const problem of plan.problems) throw new Failure(problem);
  await using login = await logIn(plan.logins, runner, { pushes: inputs.push ? tags : [] });
  const child = { ...runner, env: { ...env, ...login.env } };
  const needs = { canMultiPlatform: targets.some(({ platforms }) => platforms.length > 1) };
  await using builder = await findBuilder(inputs.builder, child, undefined, needs);

  const canAttest = builder.canAttest && !inputs.load;
  if (canAttest) await writeMetadata(inputs, true, runner);
  const built = await runBake(
    {
      ...definition,
      provenance: bakeProvenance(inputs, targets, canAttest, runner),
      output: inputs.push ? 'push' : inputs.load ? 'load' : 'none',
    },
    { builder, targets, lastRefusal: login.lastRefusal },
    child,
  );
  const of = (name: string | undefined) => targets.find((target) => target.name === name);
  warnBuildChecks(built.progress, (name) => ofRepository(of(name), env), log);
  const baked = readBaked(targets, built.metadata, inputs.push);
  await publishBaked(baked, built, registryClient(login, runner), runner);
}

function ofRepository(target: BakeTarget | undefined, env: Runner['env']): string | undefined {
  return target && dockerfileOf(target, env);
}

/** What would only fail after the build, or silently do nothing. */
function checkTargets(
  targets: readonly BakeTarget[],
  { push, metadata }: BakeInputs,
  { log }: Runner,
): void {
  const nameless = targets.find(({ tags, hasOutput }) => tags.length === 0 && !hasOutput);
  if (push && nameless !== undefined) {
    throw new Failure({
      what: `The target ${nameless.name} has no tag, and cannot be pushed.`,
      remedy:
        'Give it `tags` in the bake file, or let it inherit `docker-metadata-action` and give `image`.',
    });
  }
  const wanted = new Set(metadata.tags.map(formatReference));
  const isUsed = targets.some(({ tags }) => tags.some((tag) => wanted.has(formatReference(tag))));
  if (wanted.size > 0 && !isUsed) {
    log.warning(
      'None of the targets inherits `docker-metadata-action`, so that `image` and `tags` name nothing.',
    );
  }
}
