import type { Runner } from '../../../../shared/action/Runner.ts';
import type { RegistryClient } from '../../../../shared/oci/RegistryClient.ts';
import { type BuildKey, buildKey, type NoKey } from '../unchanged/buildKey.ts';
import { type BakeOptions, keyInputs, targetOf } from './keyInputs.ts';
import type { BakeTarget } from './readTargets.ts';

/**
 * The keys of targets by their names. The key of one that builds on another holds the other's, so that
 * a change at the bottom of a chain is one of all above it.
 */
export async function keyTargets(
  targets: readonly BakeTarget[],
  inputs: BakeOptions,
  registry: Pick<RegistryClient, 'digest'>,
  { env, signal }: Pick<Runner, 'env' | 'signal'>,
): Promise<ReadonlyMap<string, BuildKey | NoKey>> {
  const byName = new Map(targets.map((target) => [target.name, target]));
  const keys = new Map<string, Promise<BuildKey | NoKey>>();
  const keyOf = (name: string): Promise<BuildKey | NoKey> => {
    const known = keys.get(name);
    if (known !== undefined) return known;
    const key = decide(byName.get(name));
    keys.set(name, key);
    return key;
  };
  const decide = async (target: BakeTarget | undefined): Promise<BuildKey | NoKey> => {
    if (target === undefined) return { key: undefined, because: 'buildx does not tell of it' };
    const builds: Record<string, BuildKey> = {};
    for (const [context, value] of Object.entries(target.contexts)) {
      const other = targetOf(value);
      if (other === undefined) continue;
      const key = await keyOf(other);
      if (key.key === undefined) {
        return { key: undefined, because: `it builds on ${other}, and ${key.because}` };
      }
      builds[context] = key;
    }
    return buildKey(keyInputs(target, builds, inputs, env), registry, signal);
  };
  const decided = targets.map(async ({ name }) => [name, await keyOf(name)] as const);
  return new Map(await Promise.all(decided));
}
