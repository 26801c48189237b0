import { InputProblem } from '../../../../shared/action/InputReader.ts';
import { asTag } from '../../../../shared/oci/asTag.ts';
import { parseReference, type Reference } from '../../../../shared/oci/Reference.ts';
import { affixTag, latestTag } from './affixTag.ts';
import { applyRule, type Surroundings } from './applyRule.ts';
import type { Flavor } from './Flavor.ts';
import { failing } from './failing.ts';
import { oneWordOf } from './oneWordOf.ts';
import type { TagRule } from './TagRule.ts';

export interface Tags {
  /** The tag that comes first. */
  readonly version: string | undefined;
  /** What every image gets, without its name. */
  readonly names: readonly string[];
  /** What was given whole. */
  readonly references: readonly Reference[];
}

/**
 * Makes the tags of a build.
 *
 * @param rules in the order of their priorities
 * @throws {Failure} that names the line whose expressions are wrong
 */
export function makeTags(rules: readonly TagRule[], flavor: Flavor, around: Surroundings): Tags {
  const names = new Set<string>();
  const references: Reference[] = [];
  let latest: boolean | undefined;
  for (const rule of rules) {
    failing('tags', rule.line, () => {
      const made = isEnabled(rule, around) ? applyRule(rule, around) : undefined;
      if (made === undefined) return;
      if (rule.type === 'reference') {
        references.push(wholeReference(made.name));
        return;
      }
      const name = affixTag(made.name, rule, flavor, around);
      if (name === undefined) return;
      names.add(name);
      // The first that makes a tag decides: a release candidate that is also a git tag is not latest.
      latest ??= made.latest;
    });
  }
  const [version = references[0]?.tag] = names;
  const wanted = flavor.latest === 'auto' ? latest : flavor.latest === 'true';
  if (wanted && names.size > 0) names.add(latestTag(flavor, around));
  return { version, names: [...names], references };
}

function isEnabled({ enable }: TagRule, { expand }: Surroundings): boolean {
  return oneWordOf(['true', 'false'], expand(enable).trim().toLowerCase(), 'enable') === 'true';
}

/** Its tag may have come from a branch's name. */
function wholeReference(text: string): Reference {
  const colon = text.lastIndexOf(':');
  try {
    return parseReference(`${text.slice(0, colon)}:${asTag(text.slice(colon + 1))}`);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new InputProblem(
      `${JSON.stringify(text)} is not a reference: ${error.message}`,
      'Write it as `registry/path:tag`.',
    );
  }
}
