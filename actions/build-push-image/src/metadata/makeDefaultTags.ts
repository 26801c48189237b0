import { affixTag, latestTag } from './affixTag.ts';
import type { Surroundings } from './applyRule.ts';
import { defaultTags, refTag } from './defaultTags.ts';
import type { Flavor } from './Flavor.ts';
import type { Tags } from './makeTags.ts';

/**
 * Makes the tags of a build for which none were given. The version is the name of the branch, git
 * tag or pull request; `latest` comes only with `latest=true`, since nobody asked for a release.
 */
export function makeDefaultTags(flavor: Flavor, around: Surroundings): Tags {
  const { event } = around;
  const affix = (name: string) => affixTag(name, {}, flavor, around);
  const names = new Set(defaultTags(event).map(affix));
  const ref = refTag(event.ref);
  const version = ref === undefined ? [...names][0] : affix(ref);
  if (flavor.latest === 'true') names.add(latestTag(flavor, around));
  return { version, names: [...names].filter((name) => name !== undefined), references: [] };
}
