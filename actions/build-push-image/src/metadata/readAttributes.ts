import { parse } from 'csv-parse/sync';
import { InputProblem } from '../../../../shared/action/InputReader.ts';
import { nearest } from '../../../../shared/text/nearest.ts';

/** One field of a line: `key=value`, or a value alone. */
export interface Attribute {
  readonly key: string | undefined;
  readonly value: string;
}

/** Splits a line of CSV (a field with commas stands in double quotes) into its attributes. */
export function readAttributes(line: string): readonly Attribute[] {
  const [fields = []] = parse(line, { relax_quotes: true, relax_column_count: true });
  return fields.map((field) => {
    const [, key, value] = /^\s*([A-Za-z][\w-]*)\s*=(.*)$/s.exec(field) ?? [];
    if (key === undefined || value === undefined) return { key: undefined, value: field.trim() };
    return { key: key.toLowerCase(), value: value.trim() };
  });
}

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
    value === '' ? `${attribute}= is empty` : `${JSON.stringify(value)} is not a ${attribute}`,
    `${near === undefined || value === '' ? '' : `Did you mean ${attribute}=${near}? `}Write one of ${words.join(', ')}.`,
  );
}

/** @throws {InputProblem} that names the attribute that was probably meant */
export function unknownAttribute(key: string, known: readonly string[], owner: string): never {
  const near = nearest(key, known);
  throw new InputProblem(
    `${owner} has no attribute ${key}`,
    `${near === undefined ? '' : `Did you mean ${near}=? `}It takes ${known.join(', ')}.`,
  );
}
