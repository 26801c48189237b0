import type { Runner } from '../../../../shared/action/Runner.ts';
import type { RegistryClient } from '../../../../shared/oci/RegistryClient.ts';
import { recordImage } from '../unchanged/recordImage.ts';
import { readBaked } from './BakedTarget.ts';
import type { FoundTarget } from './findBaked.ts';
import { targetOf } from './keyInputs.ts';
import type { BakeTarget } from './readTargets.ts';

/** Records what was built of each target that has a key, so that it is found again. */
export async function recordBaked(
  targets: readonly BakeTarget[],
  found: ReadonlyMap<string, FoundTarget>,
  metadata: string,
  registry: RegistryClient,
  runner: Pick<Runner, 'env' | 'log'>,
): Promise<void> {
  const byName = new Map(targets.map((target) => [target.name, target]));
  /** What stood in for the targets under one: its key holds theirs, and so these images. */
  const under = (target: BakeTarget | undefined): readonly string[] =>
    Object.values(target?.contexts ?? {}).flatMap((context) => {
      const name = targetOf(context);
      if (name === undefined) return [];
      const digest = found.get(name)?.manifest?.digest;
      return [...(digest === undefined ? [] : [digest]), ...under(byName.get(name))];
    });
  const built = readBaked(targets, metadata, true, found).filter((target) => target.built);
  await Promise.all(
    built.map(async (target) => {
      const key = found.get(target.name)?.key;
      if (key === undefined || target.reference === undefined) return;
      const digests = [...key.digests, ...under(target)];
      await recordImage(target.reference, { ...key, digests }, target.metadata, registry, runner);
    }),
  );
}
