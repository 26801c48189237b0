import { Undecided } from './Undecided.ts';

/** `$NAME`, `${NAME}`, and `${NAME:-word}` with its kin; a word may hold no further braces. */
const variable = /\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?:(:?[-+])([^{}]*))?\})/g;

/**
 * Puts the values of variables in place, as a Dockerfile's FROM does.
 *
 * @throws {Undecided} when a variable has no value, or is written in another way
 */
export function expandVariables(
  text: string,
  lookUp: (name: string) => string | undefined,
): string {
  const expanded = text.replace(variable, (_, plain, braced, operator, word = '') => {
    const name: string = plain ?? braced;
    const value = lookUp(name);
    // With a colon an empty value counts as none.
    const has = operator?.startsWith(':') ? Boolean(value) : value !== undefined;
    if (operator?.endsWith('+')) return has ? expandVariables(word, lookUp) : '';
    if (has) return value ?? '';
    if (operator !== undefined) return expandVariables(word, lookUp);
    throw new Undecided(`the value of ${name} in the Dockerfile is not known`);
  });
  if (/[\\"'`]/.test(text) || /\$/.test(text.replace(variable, ''))) {
    throw new Undecided(`${JSON.stringify(text)} in the Dockerfile is not plainly an image`);
  }
  return expanded;
}
