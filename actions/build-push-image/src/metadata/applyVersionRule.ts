import { oneLine } from '../../../../shared/log/oneLine.ts';
import type { Made, Surroundings } from './applyRule.ts';
import type { TagRule } from './TagRule.ts';

type VersionRule = Extract<TagRule, { type: 'semver' | 'pep440' }>;

const schemeNames = { semver: 'a semantic version', pep440: 'a version of PEP 440' } as const;

/** Makes a tag of a version: of the rule's own value, else of the git tag. */
export function applyVersionRule(rule: VersionRule, around: Surroundings): Made | undefined {
  const { expand, schemes, warn } = around;
  const text = versionText(rule, around);
  if (text === undefined) return undefined;
  const version = schemes[rule.type]?.(text);
  if (version === undefined) {
    warn(`${oneLine(text)} is not ${schemeNames[rule.type]}: no tag by ${oneLine(rule.line)}.`);
    return undefined;
  }
  // `1.2` must not move to a release candidate: these only get tags that name them whole.
  const pattern = version.released || isRaw(rule.pattern) ? rule.pattern : '{{version}}';
  return { name: expand(pattern, version.values), latest: version.released };
}

function versionText(rule: VersionRule, { event, expand, warn }: Surroundings): string | undefined {
  const tag = event.ref?.kind === 'tag' ? event.ref.name : undefined;
  const text = rule.value === undefined ? tag : expand(rule.value);
  if (text === undefined) return undefined;
  if (rule.match === undefined) return text.replaceAll('/', '-');
  const found = rule.match.exec(text);
  if (found === null) {
    warn(
      `${oneLine(text)} does not match ${oneLine(String(rule.match))}: no tag by ${oneLine(rule.line)}.`,
    );
  }
  return found?.[1] ?? found?.[0];
}

function isRaw(pattern: string): boolean {
  return /^\{\{\s*raw\s*\}\}$/.test(pattern);
}
