import { CsvError, parse } from 'csv-parse/sync';
import { InputProblem } from '../../../../shared/action/InputReader.ts';

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
