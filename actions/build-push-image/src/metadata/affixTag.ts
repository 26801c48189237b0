import { oneLine } from '../../../../shared/log/oneLine.ts';
import { asTag, longestTag } from '../../../../shared/oci/asTag.ts';
import type { Surroundings } from './applyRule.ts';
import type { Flavor } from './Flavor.ts';
import type { TagRule } from './TagRule.ts';

/**
 * Puts prefix and suffix around a name and makes a tag of it; `undefined` where nothing is left. A
 * rule's own affix takes the place of the flavor's, also when it is empty.
 */
export function affixTag(
  name: string,
  rule: Partial<Pick<TagRule, 'prefix' | 'suffix'>>,
  flavor: Flavor,
  { expand, warn }: Surroundings,
): string | undefined {
  if (name === '' && !rule.prefix && !rule.suffix) return undefined;
  const before = expand(rule.prefix ?? flavor.prefix.text);
  const after = expand(rule.suffix ?? flavor.suffix.text);
  const text = `${before}${name}${after}`;
  const tag = asTag(text);
  if (tag.length === longestTag && text.length > longestTag) {
    warn(`${oneLine(text, 60)} is longer than the ${longestTag} characters of a tag, and was cut.`);
  }
  if (tag === '' && text !== '') warn(`${oneLine(text)} holds nothing that a tag may hold.`);
  return tag || undefined;
}

/** `latest`, with the flavor's affixes where they are meant for it too. */
export function latestTag({ prefix, suffix }: Flavor, { expand }: Surroundings): string {
  const before = prefix.onLatest ? expand(prefix.text) : '';
  const after = suffix.onLatest ? expand(suffix.text) : '';
  return asTag(`${before}latest${after}`);
}
