import { InputProblem } from '../../../../shared/action/InputReader.ts';
import { oneLine } from '../../../../shared/log/oneLine.ts';
import { nearest } from '../../../../shared/text/nearest.ts';

/**
 * Takes `value` for one of a few words.
 *
 * @throws {InputProblem} with the nearest of them
 */
export function oneWordOf<W extends string>(
  words: readonly W[],
  value: string,
  attribute: string,
): W {
  const found = words.find((word) => word === value);
  if (found !== undefined) return found;
  const near = nearest(value, words);
  throw new InputProblem(
    value === '' ? `${attribute}= is empty` : `${attribute}=${oneLine(value)} is not known`,
    `${near === undefined || value === '' ? '' : `Did you mean ${attribute}=${near}? `}Write one of ${words.join(', ')}.`,
  );
}
