import parse, { type Info } from 'spdx-expression-parse';
import { wildcard } from '../text/wildcard.ts';

/** Names of the GNU licenses before SPDX 3, by what they mean. Debian and old packages have them still. */
const gnu = /^((?:A|L)?GPL-\d+\.\d+|GFDL-\d+\.\d+)(\+)?$/;

/**
 * Whether the policy denies what a package says of its license. A choice (`MIT OR GPL-3.0-only`) is
 * denied only when each of its sides is. A text that is no SPDX expression is denied when any of its
 * words is: a person may waive it, and nothing slips through by bad spelling.
 *
 * @param patterns SPDX ids; `*` stands for anything. An exception (`WITH`) does not change the answer.
 */
export function denies(patterns: readonly string[]): (license: string) => boolean {
  const matchers = patterns.map((pattern) => wildcard(modern(pattern).toLowerCase()));
  const deniesId = (id: string) => matchers.some((matches) => matches(modern(id).toLowerCase()));
  const known = new Map<string, boolean>();
  return (license) => {
    let answer = known.get(license);
    if (answer === undefined) {
      answer = matchers.length > 0 && deniesExpression(license, deniesId);
      known.set(license, answer);
    }
    return answer;
  };
}

function deniesExpression(license: string, deniesId: (id: string) => boolean): boolean {
  let expression: Info;
  try {
    expression = parse(license);
  } catch {
    return deniesId(license.trim()) || license.split(/[\s()/,;|]+/).some(deniesId);
  }
  return deniesSide(expression);

  function deniesSide(side: Info): boolean {
    if ('license' in side) return deniesId(`${side.license}${side.plus ? '+' : ''}`);
    const left = deniesSide(side.left);
    return side.conjunction === 'or'
      ? left && deniesSide(side.right)
      : left || deniesSide(side.right);
  }
}

function modern(id: string): string {
  return id.replace(gnu, (_, name, plus) => `${name}-${plus ? 'or-later' : 'only'}`);
}
