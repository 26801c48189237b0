import { Unresolvable } from '../caches/mounts/expandVariables.ts';
import { readStages } from '../caches/mounts/readStages.ts';
import { ownPlatform } from '../lookForUnchanged.ts';
import { targetOf } from './keyInputs.ts';
import type { BakeTarget } from './readTargets.ts';

/**
 * The named contexts of a target, for the builds of ours that read and fill its cache mounts: each of
 * them needs an image with a shell, which for one that is another target is the image at its bottom.
 *
 * @param dockerfileOf reads the Dockerfile of a target; `undefined` where it is not here
 */
export async function mountContexts(
  { contexts }: BakeTarget,
  targets: readonly BakeTarget[],
  dockerfileOf: (target: BakeTarget) => Promise<string | undefined>,
): Promise<readonly string[]> {
  const found = await Promise.all(
    Object.entries(contexts).map(async ([name, value]) => {
      const other = targetOf(value);
      const place = other === undefined ? value : await bottomOf(other);
      return place === undefined ? [] : [`${name}=${place}`];
    }),
  );
  return found.flat();

  async function bottomOf(name: string): Promise<string | undefined> {
    const target = targets.find((one) => one.name === name);
    const dockerfile = target && (await dockerfileOf(target));
    if (target === undefined || dockerfile === undefined) return undefined;
    const base = baseOf(dockerfile, target);
    if (base === undefined) return undefined;
    const context = target.contexts[base];
    if (context === undefined) return `docker-image://${base}`;
    const under = targetOf(context);
    return under === undefined ? context : bottomOf(under);
  }
}

function baseOf(dockerfile: string, { args, stage, platforms }: BakeTarget): string | undefined {
  const platform = platforms[0] ?? ownPlatform();
  const buildArgs = Object.entries(args).map(([name, value]) => `${name}=${value}`);
  const facts = { buildArgs, target: stage, platforms, nativePlatform: ownPlatform() };
  try {
    return readStages(dockerfile, facts, platform).at(-1)?.base;
  } catch (error) {
    if (error instanceof Unresolvable) return undefined;
    throw error;
  }
}
