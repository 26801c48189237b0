import { parse } from 'csv-parse/sync';
import { InputProblem } from '../../../../shared/action/InputReader.ts';

/**
 * Reads a list as docker's actions do: CSV, so that an entry with a line break or a comma can stand in
 * double quotes; `#` begins a comment line.
 *
 * @param commas whether a comma parts entries too; else a line is one entry
 * @throws {InputProblem} when a quote is not closed
 */
export function parseList(text: string, commas: boolean): string[] {
  return records(text, true, commas ? ',' : noDelimiter).flat();
}

/** Lines as they are, where quotes belong to the value (`outputs`, in which buildx reads CSV itself). */
export function parseLines(text: string): string[] {
  return records(text, false, noDelimiter).flat();
}

/** Occurs in no input, so that a line is one field with all its commas and blanks. */
const noDelimiter = '\0';

function records(text: string, quotes: boolean, delimiter: string): string[][] {
  try {
    const rows: string[][] = parse(text, {
      columns: false,
      delimiter,
      relax_quotes: true,
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
      comment: '#',
      comment_no_infix: true,
      quote: quotes ? '"' : null,
    });
    return rows
      .map((fields) => fields.filter((field) => field !== ''))
      .filter((fields) => fields.length > 0);
  } catch {
    throw new InputProblem('has a quote that is not closed', 'Close it, or leave it out.');
  }
}
