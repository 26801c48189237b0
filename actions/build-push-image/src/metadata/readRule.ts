import { InputProblem } from '../../../../shared/action/InputReader.ts';
import { oneWordOf } from './oneWordOf.ts';
import type { Attribute } from './readAttributes.ts';
import { readPattern } from './readPattern.ts';
import { commonAttributes, type RuleType, ruleTypes, type TagRule } from './TagRule.ts';
import { unknownAttribute } from './unknownAttribute.ts';

type Given = Readonly<Record<string, string | undefined>>;

const typeNames = Object.keys(ruleTypes) as RuleType[];

/** @throws {InputProblem} that says what is wrong with the rule */
export function readRule(line: string, attributes: readonly Attribute[]): TagRule {
  const given = collect(attributes);
  const type = typeOf(given);
  const known = [...commonAttributes, ...ruleTypes[type].attributes];
  for (const key of Object.keys(given)) {
    if (!known.includes(key)) unknownAttribute(key, known, `type=${type}`);
  }
  return Object.freeze({ ...common(line, type, given), ...readers[type](given) });
}

/** A field without a key is the value: `type=raw,nightly`. */
function collect(attributes: readonly Attribute[]): Given {
  const given: Record<string, string> = {};
  for (const { key = 'value', value } of attributes) {
    if (Object.hasOwn(given, key)) {
      throw new InputProblem(
        `${key} is given twice`,
        `A value with a comma stands in double quotes: "${key}=…,…".`,
      );
    }
    given[key] = value;
  }
  return given;
}

function typeOf(given: Given): RuleType {
  if (given.type !== undefined) return oneWordOf(typeNames, given.type, 'type');
  if (given.value !== undefined) return 'raw';
  const known = [...commonAttributes, ...typeNames.flatMap((name) => ruleTypes[name].attributes)];
  const unknown = Object.keys(given).find((key) => !known.includes(key));
  if (unknown !== undefined) unknownAttribute(unknown, [...new Set(known)], 'a rule');
  throw new InputProblem(
    'it has no type',
    `Begin it with type= and one of ${typeNames.join(', ')}.`,
  );
}

function common(line: string, type: RuleType, given: Given) {
  const priority = Number(given.priority ?? ruleTypes[type].priority);
  if (given.priority === '' || !Number.isFinite(priority)) {
    throw new InputProblem(`priority=${given.priority} is not a number`, 'Write `priority=900`.');
  }
  const { enable = 'true' } = given;
  // Expressions are known later. What is empty, as by a `${{ … }}` that gave nothing, is no choice.
  if (!enable.includes('{{')) oneWordOf(['true', 'false'], enable.toLowerCase(), 'enable');
  const ownPrefix = type === 'sha' ? 'sha-' : given.event === 'pr' ? 'pr-' : undefined;
  return { line, enable, priority, prefix: given.prefix ?? ownPrefix, suffix: given.suffix };
}

type Own<R extends TagRule = TagRule> = R extends TagRule
  ? Omit<R, 'line' | 'enable' | 'priority' | 'prefix' | 'suffix'>
  : never;

/** What each type has of its own. */
const readers: Readonly<Record<RuleType, (given: Given) => Own>> = {
  schedule: ({ pattern = 'nightly' }) => ({ type: 'schedule', pattern }),
  semver: (given) => ({ type: 'semver', ...version(given, 'semver') }),
  pep440: (given) => ({ type: 'pep440', ...version(given, 'pep440') }),
  match: ({ pattern, group = '0', value }) => {
    if (!/^\d+$/.test(group)) {
      throw new InputProblem(`group=${group} is not a group's number`, 'Write `group=1`.');
    }
    return {
      type: 'match',
      pattern: readPattern(required(pattern, 'type=match', 'pattern=v(.*)'), 'pattern'),
      group: Number(group),
      value: value || undefined,
    };
  },
  edge: ({ branch }) => ({ type: 'edge', branch: branch || undefined }),
  ref: ({ event }) => {
    const wanted = required(event, 'type=ref', 'event=branch');
    return { type: 'ref', event: oneWordOf(['branch', 'tag', 'pr'], wanted, 'event') };
  },
  raw: ({ value }) => ({
    type: 'raw',
    value: value === '' ? '' : required(value, 'type=raw', 'value=nightly'),
  }),
  sha: ({ format = 'short' }) => ({
    type: 'sha',
    format: oneWordOf(['short', 'long'], format, 'format'),
  }),
};

function version({ pattern, value, match }: Given, type: string) {
  return {
    pattern: required(pattern, `type=${type}`, 'pattern={{version}}'),
    value: value || undefined,
    match: match ? readPattern(match, 'match') : undefined,
  };
}

function required(value: string | undefined, rule: string, example: string): string {
  if (value) return value;
  const [name] = example.split('=');
  throw new InputProblem(`${rule} needs ${name}=`, `Write \`${rule},${example}\`.`);
}
