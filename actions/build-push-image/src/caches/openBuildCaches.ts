import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readPayload } from '../../../../shared/action/payload.ts';
import type { Runner } from '../../../../shared/action/Runner.ts';
import type { RegistryClient } from '../../../../shared/oci/RegistryClient.ts';
import type { Builder } from '../findBuilder.ts';
import type { Inputs } from '../inputs.ts';
import { ownPlatform } from '../lookForUnchanged.ts';
import { isAddress } from '../options/readContext.ts';
import { type Caches, openCaches } from './openCaches.ts';
import { readBranches } from './readBranches.ts';
import { ownSigning } from './signed/ownSigning.ts';

const none: Caches = { arguments: [], async close() {} };

/** The caches of the build that the inputs describe; none for what has no name in a registry. */
export async function openBuildCaches(
  inputs: Inputs,
  builder: Builder,
  runner: Runner,
  registry: RegistryClient,
): Promise<Caches> {
  const { build, name, push } = inputs;
  const { passedOn } = build;
  const given = { from: passedOn['cache-from'] ?? [], to: passedOn['cache-to'] ?? [] };
  if (name === undefined) return { ...none, arguments: asGiven(given) };
  const branches = readBranches(runner.env, await readPayload(runner.env.GITHUB_EVENT_PATH));
  const { signing } = inputs.caches;
  if (signing !== undefined && branches.defaultBranch === undefined) {
    runner.log.warning(
      'No cache is read or written: `cache-signing` wants that of the default branch, which this event does not name.',
    );
  }
  return openCaches(
    {
      inputs: inputs.caches,
      given,
      image: name,
      push,
      noCache: passedOn['no-cache'] !== undefined,
      branches,
      signing: signing && (await ownSigning(signing, branches, runner)),
      builder: { ...builder, nativePlatform: builder.platforms?.[0] ?? ownPlatform() },
      dockerfile: await dockerfileOf(inputs),
      target: passedOn.target?.[0],
      platforms: build.platforms,
      buildArgs: build.buildArgs,
      buildContexts: passedOn['build-contexts'] ?? [],
    },
    runner,
    registry,
  );
}

function asGiven({ from, to }: { from: readonly string[]; to: readonly string[] }): string[] {
  return [
    ...from.flatMap((value) => ['--cache-from', value]),
    ...to.flatMap((value) => ['--cache-to', value]),
  ];
}

/** `undefined` where the builder fetches it itself. */
async function dockerfileOf({ build }: Inputs): Promise<string | undefined> {
  if (isAddress(build.context)) return undefined;
  return readFile(build.file ?? join(build.context, 'Dockerfile'), 'utf8');
}
