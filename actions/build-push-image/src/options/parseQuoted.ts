import { parse } from 'csv-parse/sync';
import { InputProblem } from '../../../../shared/action/InputReader.ts';

/** Occurs in no input, so that a line is one field with all its commas and blanks. */
const noDelimiter = '\0';

/**
 * Reads a list in which entries may stand in double quotes.
 *
 * @throws {InputProblem} when a quote is not closed
 */
export function parseQuoted(text: string, commas: boolean): string[] {
  try {
    const rows: string[][] = parse(text, {
      columns: false,
      delimiter: commas ? ',' : noDelimiter,
      relax_quotes: true,
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
      comment: '#',
      comment_no_infix: true,
    });
    return rows.flat().filter((field) => field !== '');
  } catch {
    throw new InputProblem('has a quote that is not closed', 'Close it, or leave it out.');
  }
}
