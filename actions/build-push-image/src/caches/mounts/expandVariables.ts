/** Why a word could not be told: a variable that only the base image may set, or a form we do not know. */
export class Unresolvable extends Error {}

const form = /\\(.)|\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?:(:?[-+])((?:[^{}$\\]|\$\w+)*))?\})|\$/g;

/**
 * Puts variables into a word of a Dockerfile, as BuildKit does: `$A`, `${A}`, `${A:-b}`, `${A-b}`,
 * `${A:+b}`, `${A+b}`.
 *
 * @param values an `undefined` value is one that was declared and never set: BuildKit makes it empty
 * @throws {Unresolvable} for a variable that nobody declared, which the base image may have set, and
 * for the forms that cut and replace
 */
export function expandVariables(
  word: string,
  values: ReadonlyMap<string, string | undefined>,
): string {
  if (/['"`]/.test(word)) throw new Unresolvable(`${word} has a quote`);
  return word.replace(
    form,
    (_whole, escaped, plain, braced, operator: string | undefined, other: string = '') => {
      if (escaped !== undefined) return escaped as string;
      const name: string | undefined = plain ?? braced;
      if (name === undefined) throw new Unresolvable(`${word} has a form that is not read here`);
      if (operator === undefined && !values.has(name)) {
        throw new Unresolvable(`$${name} is declared nowhere in the Dockerfile`);
      }
      const value = values.get(name);
      const isSet = operator?.startsWith(':') ? Boolean(value) : value !== undefined;
      if (operator?.endsWith('-')) return isSet ? (value ?? '') : expandVariables(other, values);
      if (operator?.endsWith('+')) return isSet ? expandVariables(other, values) : '';
      return value ?? '';
    },
  );
}
