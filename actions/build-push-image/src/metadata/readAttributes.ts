import { CsvError, parse } from 'csv-parse/sync';
import { InputProblem } from '../../../../shared/action/InputReader.ts';
import { oneLine } from '../../../../shared/log/oneLine.ts';
import { nearest } from '../../../../shared/text/nearest.ts';

/** One field of a line: `key=value`, or a value alone. */
export interface Attribute {
  readonly key: string | undefined;
  readonly value: string;
}

/**
 * Splits a line of CSV (a field with commas stands in double quotes) into its attributes.
 *
 * @throws {InputProblem} when a quote is left open
 */
export function readAttributes(line: string): readonly Attribute[] {
  const [fields = []] = parseLine(line);
  return fields.map((field) => {
    const [, key, value] = /^\s*([A-Za-z][\w-]*)\s*=(.*)$/s.exec(field) ?? [];
    if (key === undefined || value === undefined) return { key: undefined, value: field.trim() };
    return { key: key.toLowerCase(), value: value.trim() };
  });
}

function parseLine(line: string): string[][] {
  try {
    return parse(line, { relax_quotes: true, relax_column_count: true });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new InputProblem('it is not CSV', 'Close what stands in double quotes: "key=a,b".');
  }
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
    value === '' ? `${attribute}= is empty` : `${attribute}=${oneLine(value)} is not known`,
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
