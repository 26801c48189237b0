import { InputProblem } from '../../../../shared/action/InputReader.ts';
import { oneLine } from '../../../../shared/log/oneLine.ts';

/**
 * Reads a regular expression, as it is or as `/…/flags`.
 *
 * @throws {InputProblem} with what the engine says of it
 */
export function readPattern(text: string, attribute: string): RegExp {
  const [, source = text, flags = ''] = /^\/(.+)\/([a-z]*)$/s.exec(text) ?? [];
  try {
    // Only the first match is wanted, wherever it is.
    return new RegExp(source, flags.replace(/[gy]/g, ''));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new InputProblem(
      `${attribute}=${oneLine(text)} is not a regular expression`,
      `${oneLine(error.message)}. A pattern with a comma stands in double quotes: "${attribute}=…".`,
    );
  }
}
