import { oneLine } from '../../../../shared/log/oneLine.ts';
import { applyVersionRule } from './applyVersionRule.ts';
import type { Expand } from './Expand.ts';
import type { GitEvent, GitRef } from './GitEvent.ts';
import type { TagRule } from './TagRule.ts';
import type { ReadVersion } from './Version.ts';

/** What rules are applied to. */
export interface Surroundings {
  readonly event: GitEvent;
  readonly expand: Expand;
  /** Only those that a rule asks for are loaded. */
  readonly schemes: Readonly<Partial<Record<'semver' | 'pep440', ReadVersion>>>;
  readonly shortShaLength: number;
  /** Told when a rule is for this event, and what it is given does not fit. */
  readonly warn: (text: string) => void;
}

/** What a rule makes, before its prefix and suffix. */
export interface Made {
  readonly name: string;
  /** Whether it calls for the tag `latest`. */
  readonly latest: boolean;
}

/** Applies one rule; `undefined` where it is not for this event. */
export function applyRule(rule: TagRule, around: Surroundings): Made | undefined {
  const { event, expand } = around;
  switch (rule.type) {
    case 'schedule':
      return event.name === 'schedule' ? made(expand(rule.pattern)) : undefined;
    case 'semver':
    case 'pep440':
      return applyVersionRule(rule, around);
    case 'match':
      return applyMatch(rule, around);
    case 'edge': {
      const branch = rule.branch ?? event.repository.defaultBranch;
      const found = nameOf(event.ref, 'branch');
      return found !== undefined && found === branch ? made('edge') : undefined;
    }
    case 'ref':
      return made(
        nameOf(event.ref, rule.event === 'pr' ? 'pull' : rule.event),
        rule.event === 'tag',
      );
    case 'raw':
    case 'reference':
      return made(expand(rule.value));
    case 'sha':
      return made(rule.format === 'long' ? event.sha : event.sha?.slice(0, around.shortShaLength));
  }
}

function made(name: string | undefined, latest = false): Made | undefined {
  return name === undefined ? undefined : { name, latest };
}

function applyMatch(
  rule: Extract<TagRule, { type: 'match' }>,
  { event, expand, warn }: Surroundings,
): Made | undefined {
  const text = rule.value === undefined ? nameOf(event.ref, 'tag') : expand(rule.value);
  if (text === undefined) return undefined;
  const groups = rule.pattern.exec(text);
  const name = groups?.[rule.group];
  if (name !== undefined) return made(name, true);
  warn(
    groups === null
      ? `${oneLine(text)} does not match ${oneLine(String(rule.pattern))}: no tag by ${oneLine(rule.line)}.`
      : `${oneLine(String(rule.pattern))} finds no group ${rule.group} in ${oneLine(text)}: no tag by ${oneLine(rule.line)}.`,
  );
  return undefined;
}

/** The name of the event's reference, where it is of that kind. */
export function nameOf(ref: GitRef | undefined, kind: GitRef['kind']): string | undefined {
  return ref?.kind === kind ? ref.name : undefined;
}
