import { logIn } from '../../../../shared/action/login/logIn.ts';
import { planLogin } from '../../../../shared/action/login/planLogin.ts';
import { githubRegistry } from '../../../../shared/action/login/readLogin.ts';
import type { Runner } from '../../../../shared/action/Runner.ts';
import { Failure } from '../../../../shared/failure/Failure.ts';
import { run } from '../../../../shared/process/run.ts';
import { readBaked } from '../bake/BakedTarget.ts';
import { buildBaked } from '../bake/buildBaked.ts';
import { checkTargets } from '../bake/checkTargets.ts';
import { findBaked } from '../bake/findBaked.ts';
import { printTargets } from '../bake/printTargets.ts';
import { handOnBaked, publishBaked } from '../bake/publishBaked.ts';
import { recordBaked } from '../bake/recordBaked.ts';
import { writeMetadata } from '../bake/writeMetadata.ts';
import { findBuildx } from '../builders/findBuildx.ts';
import type { BakeInputs } from '../options/readBake.ts';
import { hostsOf } from '../options/readNamed.ts';
import { registryClient } from '../registryClient.ts';

/** Builds the targets of bake files, or finds what was built of the same inputs; hands on their digests. */
export async function bake(inputs: BakeInputs, runner: Runner): Promise<void> {
  const named = await writeMetadata(inputs, true, runner);
  const definition = { ...inputs, files: [...inputs.files, ...named] };
  const targets = await printTargets(definition, await findBuildx(runner, run), runner, run);
  checkTargets(targets, inputs, runner);

  const asked = targets.filter((target) => target.asked);
  const tags = asked.flatMap((target) => target.tags);
  const plan = planLogin(inputs.login, hostsOf(tags), githubRegistry(runner.env));
  for (const problem of plan.problems) throw new Failure(problem);
  await using login = await logIn(plan.logins, runner, { pushes: inputs.push ? tags : [] });
  const registry = registryClient(login, runner);
  const found = await findBaked(targets, inputs, registry, runner);
  const isFound = [...found.values()].some(({ manifest }) => manifest !== undefined);
  if (isFound) handOnBaked(readBaked(asked, '{}', inputs.push, found), runner);
  const built = await buildBaked(
    { definition, targets, found },
    inputs,
    { login, registry },
    runner,
  );
  const baked = readBaked(asked, built.metadata, inputs.push, found);
  await Promise.all([
    publishBaked(baked, built, registry, runner),
    inputs.push ? recordBaked(targets, found, built.metadata, registry, runner) : undefined,
  ]);
}
