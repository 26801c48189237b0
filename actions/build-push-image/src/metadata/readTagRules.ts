import { eachLine } from './eachLine.ts';
import { readAttributes } from './readAttributes.ts';
import { readPlainTag } from './readPlainTag.ts';
import { readRule } from './readRule.ts';
import type { TagRule } from './TagRule.ts';

/**
 * Reads the lines of `tags`: rules of docker/metadata-action (`type=semver,pattern={{version}}`),
 * plain tags, and whole references; several of the plain ones may share a line, as
 * docker/build-push-action allows. The order is that of their priorities.
 *
 * @param lines without blank ones and comments
 * @throws {InputProblem} that names each wrong line, and what was probably meant
 */
export function readTagRules(lines: readonly string[]): readonly TagRule[] {
  const rules = eachLine(lines, (line) => {
    const attributes = readAttributes(line);
    return attributes.every(({ key }) => key === undefined)
      ? attributes.filter(({ value }) => value !== '').map(({ value }) => readPlainTag(value))
      : [readRule(line, attributes)];
  });
  return Object.freeze(rules.toSorted((a, b) => b.priority - a.priority));
}
