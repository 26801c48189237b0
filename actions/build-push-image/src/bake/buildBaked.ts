import type { LoggedIn } from '../../../../shared/action/login/logIn.ts';
import type { Runner } from '../../../../shared/action/Runner.ts';
import type { RegistryClient } from '../../../../shared/oci/RegistryClient.ts';
import type { BakeDefinition } from '../bakeArguments.ts';
import { findBuilder } from '../findBuilder.ts';
import type { BakeInputs } from '../options/readBake.ts';
import type { BuildProgress } from '../progress/BuildProgress.ts';
import { warnBuildChecks } from '../progress/warnBuildChecks.ts';
import { readBaked } from './BakedTarget.ts';
import { bakeProvenance } from './bakeProvenance.ts';
import type { FoundTarget } from './findBaked.ts';
import { openBakeCaches } from './openBakeCaches.ts';
import { handOnBaked } from './publishBaked.ts';
import type { BakeTarget } from './readTargets.ts';
import { dockerfileOf, runBake } from './runBake.ts';
import { useFound } from './useFound.ts';
import { writeMetadata } from './writeMetadata.ts';

export interface BakeWork {
  readonly definition: BakeDefinition;
  readonly targets: readonly BakeTarget[];
  readonly found: ReadonlyMap<string, FoundTarget>;
}

const nothing = {
  metadata: '{}',
  progress: { steps: [], warnings: [], moreWarnings: 0, lastWords: '' } as BuildProgress,
};

/** Builds what was not found, and pushes it; where all was found, no builder is asked. */
export async function buildBaked(
  { definition, targets, found }: BakeWork,
  inputs: BakeInputs,
  { login, registry }: { readonly login: LoggedIn; readonly registry: RegistryClient },
  runner: Runner,
): Promise<typeof nothing> {
  const building = targets.filter(
    ({ name, asked }) => asked && found.get(name)?.manifest === undefined,
  );
  if (building.length === 0) return nothing;
  const { log, env } = runner;
  if (inputs.freeDisk) {
    const { freeDisk } = await import('../disk/freeDisk.ts');
    await freeDisk(runner);
  }
  const child = { ...runner, env: { ...env, ...login.env } };
  const needs = { canMultiPlatform: building.some(({ platforms }) => platforms.length > 1) };
  await using builder = await findBuilder(inputs.builder, child, undefined, needs);

  const canAttest = builder.canAttest && !inputs.load;
  if (!canAttest) await writeMetadata(inputs, false, runner);
  const caches = await openBakeCaches(building, { inputs, targets }, builder, child, registry);
  const built = await runBake(
    {
      ...{ ...inputs, ...definition },
      targets: building.map(({ name }) => name),
      set: [...definition.set, ...useFound(targets, found), ...caches.set],
      provenance: bakeProvenance(inputs, building, canAttest, runner),
      output: inputs.push ? 'push' : inputs.load ? 'load' : 'none',
    },
    { builder, targets, lastRefusal: login.lastRefusal },
    child,
  );
  const asked = targets.filter((target) => target.asked);
  handOnBaked(readBaked(asked, built.metadata, inputs.push, found), runner);
  await caches.close(built.progress, built.metadata);
  warnBuildChecks(
    built.progress,
    (name) => {
      const target = targets.find((one) => one.name === name);
      return target && dockerfileOf(target, env);
    },
    log,
  );
  return built;
}
