import { parse } from 'csv-parse/sync';
import { InputProblem } from '../../../../shared/action/InputReader.ts';

/**
 * Reads a list in which entries may stand in double quotes.
 *
 * @throws {InputProblem} when a quote is not closed
 */
export function parseQuoted(text: string, commas: boolean): string[] {
  return records(text)
    .map((fields) => fields.filter((field) => field !== ''))
    .filter((fields) => fields.length > 0)
    .flatMap((fields) => (commas ? fields : [fields.join(',')]));
}

function records(text: string): string[][] {
  try {
    return parse(text, {
      columns: false,
      relax_quotes: true,
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
      comment: '#',
      comment_no_infix: true,
    });
  } catch {
    throw new InputProblem('has a quote that is not closed', 'Close it, or leave it out.');
  }
}
