import { readFile } from 'node:fs/promises';
import { readPayload } from '../../../../shared/action/payload.ts';
import type { Runner } from '../../../../shared/action/Runner.ts';
import type { RegistryClient } from '../../../../shared/oci/RegistryClient.ts';
import { type Caches, openCaches } from '../caches/openCaches.ts';
import { readBranches } from '../caches/readBranches.ts';
import { ownSigning } from '../caches/signed/ownSigning.ts';
import type { Builder } from '../findBuilder.ts';
import { ownPlatform } from '../lookForUnchanged.ts';
import type { BakeInputs } from '../options/readBake.ts';
import type { BuildProgress } from '../progress/BuildProgress.ts';
import { ofTarget } from '../progress/ofTarget.ts';
import { isRemote } from '../unchanged/describeContexts.ts';
import { placesOf, targetOf } from './keyInputs.ts';
import { mountContexts } from './mountContexts.ts';
import type { BakeTarget } from './readTargets.ts';

/** The caches of a build of several targets: what is set over the files for them. */
export interface BakeCaches {
  /** `target.key=value`, each. */
  readonly set: readonly string[];
  /** After the build: tells what failed, keeps the contents of cache mounts, signs. */
  close(progress: BuildProgress, metadata: string): Promise<void>;
}

/**
 * Opens for each target that has a name in a registry the caches that a build of it alone would have.
 * A file that says itself where a target's layers are kept is not overruled.
 *
 * @param building the targets that are to be built; `targets` are these, and what they build on
 */
export async function openBakeCaches(
  building: readonly BakeTarget[],
  { inputs, targets }: { readonly inputs: BakeInputs; readonly targets: readonly BakeTarget[] },
  builder: Builder,
  runner: Runner,
  registry: RegistryClient,
): Promise<BakeCaches> {
  const branches = readBranches(runner.env, await readPayload(runner.env.GITHUB_EVENT_PATH));
  const { signing, ...caches } = inputs.caches;
  const signer = signing && (await ownSigning(signing, branches, runner));
  const opened: { readonly target: BakeTarget; readonly caches: Caches }[] = [];
  // One after the other: targets share the cache mounts of the builder.
  for (const target of building) {
    const [image] = target.tags;
    if (image === undefined) continue;
    const { tag: _, digest: __, ...name } = image;
    const buildArgs = Object.entries(target.args).map(pair);
    const request = {
      inputs: target.hasCaches ? { ...caches, mode: 'off' as const } : caches,
      given: { from: [], to: [] },
      ...{ image: name, push: inputs.push, branches, signing: signer, name: target.name },
      noCache: inputs.noCache || target.noCache,
      builder: { ...builder, nativePlatform: builder.platforms?.[0] ?? ownPlatform() },
      dockerfile: await dockerfileOf(target, runner.env),
      target: target.stage,
      ...{ platforms: target.platforms, buildArgs },
      buildContexts: caches.persistMounts
        ? await mountContexts(target, targets, (one) => dockerfileOf(one, runner.env))
        : [],
    };
    opened.push({ target, caches: await openCaches(request, runner, registry) });
  }
  const under = opened.flatMap(({ target, caches }) =>
    helpersOf(target, targets).flatMap((helper) =>
      overrides(helper.name, caches.arguments).filter((one) => one.includes('.cache-from=')),
    ),
  );
  return {
    set: [
      ...opened.flatMap(({ target, caches }) => overrides(target.name, caches.arguments)),
      ...new Set(under),
    ],
    async close(progress, metadata) {
      const all = JSON.parse(metadata) as Record<string, unknown>;
      for (const { target, caches } of opened) {
        const { steps } = ofTarget(progress, target.name);
        await caches.close(steps, JSON.stringify(all[target.name] ?? {}));
      }
    },
  };
}

/**
 * What a target builds on that nobody asked for: its layers are in the target's cache, and where they
 * are not read from there, its steps run anew.
 */
function helpersOf(
  { contexts }: BakeTarget,
  targets: readonly BakeTarget[],
): readonly BakeTarget[] {
  return Object.values(contexts).flatMap((context) => {
    const name = targetOf(context);
    const helper = targets.find((one) => one.name === name && !one.asked);
    if (helper === undefined) return [];
    return [...(helper.hasCaches ? [] : [helper]), ...helpersOf(helper, targets)];
  });
}

/** The options of `buildx build`, as bake has them. */
function overrides(name: string, [flag, value, ...more]: readonly string[]): string[] {
  if (flag === undefined || value === undefined) return [];
  return [`${name}.${flag.replace(/^--/, '')}=${value}`, ...overrides(name, more)];
}

/** `undefined` where the builder fetches it itself. */
async function dockerfileOf(target: BakeTarget, env: Runner['env']): Promise<string | undefined> {
  if (target.inline !== undefined) return target.inline;
  const { context, dockerfile } = placesOf(target, env);
  if (isRemote(context) || /^[\w-]+:/.test(context)) return undefined;
  return readFile(dockerfile, 'utf8').catch(() => undefined);
}

function pair([name, value]: readonly [string, string]): string {
  return `${name}=${value}`;
}
