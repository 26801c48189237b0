import type { Runner } from '../../../../shared/action/Runner.ts';
import type { Manifest } from '../../../../shared/oci/Manifest.ts';
import { formatReference } from '../../../../shared/oci/Reference.ts';
import type { RegistryClient } from '../../../../shared/oci/RegistryClient.ts';
import { isTagged, notFound } from '../lookForUnchanged.ts';
import type { BakeInputs } from '../options/readBake.ts';
import type { BuildKey } from '../unchanged/buildKey.ts';
import { findBuilt } from '../unchanged/findBuilt.ts';
import { setTags } from '../unchanged/setTags.ts';
import type { BakeOptions } from './keyInputs.ts';
import { keyTargets } from './keyTargets.ts';
import type { BakeTarget } from './readTargets.ts';

/** What came of looking for one target; `because` is a sentence. */
export interface FoundTarget {
  /** The image of the same inputs, tagged; `undefined` when it has to be built. */
  readonly manifest: Manifest | undefined;
  readonly because: string;
  /** Under which later builds shall find it; `undefined` where that cannot be decided. */
  readonly key: BuildKey | undefined;
}

export type FindInputs = Pick<BakeInputs, 'push' | 'reuse'> & BakeOptions;

/**
 * Looks for each target that was asked for whether the registry has an image of the same inputs, and
 * tags it. No builder is asked.
 *
 * @throws {Failure} when the registry does not let one be tagged
 */
export async function findBaked(
  targets: readonly BakeTarget[],
  inputs: FindInputs,
  registry: RegistryClient,
  runner: Pick<Runner, 'env' | 'signal'>,
): Promise<ReadonlyMap<string, FoundTarget>> {
  const { unchanged, maxAgeMs } = inputs.reuse;
  const wanted = targets.filter(({ asked }) => asked);
  const reasons = new Map(wanted.map((target) => [target.name, whyNotAtAll(target, inputs)]));
  const isAny = [...reasons.values()].some((reason) => reason === undefined);
  const keys = isAny && unchanged ? await keyTargets(targets, inputs, registry, runner) : undefined;
  const look = async ({ name, tags }: BakeTarget): Promise<FoundTarget> => {
    const build = keys?.get(name);
    const because = reasons.get(name);
    const [image] = tags;
    if (because !== undefined || build === undefined || image === undefined) return not(because);
    if (build.key === undefined) return not(build.because);
    const found = await findBuilt({ registry, image, key: build.key, maxAgeMs });
    if (!found.found) return { ...not(found.because), key: build };
    await setTags(registry, found.manifest, tags.filter(isTagged));
    return { manifest: found.manifest, because: `It was found: ${found.because}.`, key: build };
  };
  const looked = wanted.map(async (target) => [target.name, await look(target)] as const);
  return new Map(await Promise.all(looked));
}

function not(because: string | undefined): FoundTarget {
  return { manifest: undefined, because: notFound(because), key: undefined };
}

function whyNotAtAll(
  { tags, hasOtherOutput, others }: BakeTarget,
  { push, reuse }: FindInputs,
): string | undefined {
  if (!reuse.unchanged) return 'skip-unchanged is off';
  const [name] = tags;
  if (!push || name === undefined) return 'nothing is pushed';
  if (hasOtherOutput) return 'its output asks for more than an image in the registry';
  const { call } = JSON.parse(others) as { call?: string };
  if (call !== undefined && call !== 'build') return `call asks for ${call}`;
  const elsewhere = tags.find(
    ({ registry, repository }) => registry !== name.registry || repository !== name.repository,
  );
  return elsewhere && `${formatReference(elsewhere)} is in another repository`;
}
