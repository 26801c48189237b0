import { posix } from 'node:path';
import { NotListable } from './NotListable.ts';

/** What the rules say of one path. */
export interface Decision {
  readonly ignored: boolean;
  /** By rule, whether it has matched: what lies below inherits that. */
  readonly matched: readonly boolean[];
}

/** What a `.dockerignore` says. */
export interface IgnoreRules {
  /** @param parent the decision on the folder in which the path lies; none at the root */
  decide(path: string, parent: Decision | undefined): Decision;
  /** Whether something below a folder that is left out may be taken in again. */
  mayTakeBackIn(folder: string): boolean;
}

interface Rule {
  /** It begins with `!`. */
  readonly exception: boolean;
  readonly pattern: string;
  readonly matches: RegExp;
}

/**
 * Reads a `.dockerignore` as BuildKit does: the last rule that matches a path or its parents
 * decides. As there, an exception is not looked at for a path that no rule before it has left out,
 * so that below `out`, which nothing leaves out, `!out` does not undo a later match.
 * (`@balena/dockerignore` follows Docker's older code and differs there, in letters' case, in
 * `+()|{}^` and in `**name`; the test holds each rule against BuildKit itself.)
 *
 * @throws {NotListable} when a pattern is none
 */
export function ignoreRules(text: string): IgnoreRules {
  const rules = text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .filter((line) => !line.startsWith('#'))
    .flatMap(readRule);
  const exceptions = rules
    .filter(({ exception }) => exception)
    .map(({ pattern }) => pattern.split('/'));
  return {
    decide(path, parent) {
      let ignored = false;
      const matched = rules.map(({ exception, matches }, index) => {
        const match = parent?.matched[index] || (exception === ignored && matches.test(path));
        if (match) ignored = !exception;
        return match;
      });
      return { ignored, matched };
    },
    mayTakeBackIn(folder) {
      const names = folder.split('/');
      return exceptions.some((exception) => leadsBelow(exception, names));
    },
  };
}

function readRule(line: string): Rule[] {
  const [, mark, given = ''] = /^(!?)\s*(.*)$/.exec(line.trim()) ?? [];
  if (given === '') return [];
  const pattern = posix
    .normalize(given)
    .replace(/(?<=.)\/$/, '')
    .replace(/^\/(?=.)/, '');
  return [{ exception: mark === '!', pattern, matches: asExpression(pattern) }];
}

/** What means something in an expression and nothing in a pattern. */
const meaningful = /[.+()|{}$^]/g;

/** `*` and `?` stay within a name, `**` goes over any number of them, `[…]` and `\` are as in Go. */
function asExpression(pattern: string): RegExp {
  // `**name` is the end of any path, not only of whole names, as long as nothing else is a pattern.
  const [, end] = /^\*\*([^/*?[\]\\][^*?[\]\\]*)$/.exec(pattern) ?? [];
  const expression = pattern.replace(
    /\*\*\/?$|\*\*\/?|\*|\?|\\.|\[\^|[.+()|{}$^]/g,
    (found, offset: number) => {
      if (found.startsWith('**')) return offset + found.length === pattern.length ? '.*' : '(.*/)?';
      if (found === '*') return '[^/]*';
      if (found === '?') return '[^/]';
      return found.length > 1 ? found : `\\${found}`;
    },
  );
  try {
    return new RegExp(
      end === undefined ? `^${expression}$` : `${end.replace(meaningful, '\\$&')}$`,
    );
  } catch {
    throw new NotListable(`${JSON.stringify(pattern)} in the .dockerignore is not a pattern`);
  }
}

/** Compared name by name, as far as both go; a pattern may mean any name. */
function leadsBelow(exception: readonly string[], folder: readonly string[]): boolean {
  for (const [index, name] of folder.entries()) {
    const part = exception[index];
    if (part === undefined || part.includes('**')) return true;
    if (part !== name && !/[*?[\\]/.test(part)) return false;
  }
  return true;
}
