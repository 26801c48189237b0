import { InputProblem } from '../../../../shared/action/InputReader.ts';
import { oneLine } from '../../../../shared/log/oneLine.ts';

/**
 * Reads all lines, and tells of all that are wrong at once.
 *
 * @throws {InputProblem} that names each wrong line
 */
export function eachLine<T>(lines: readonly string[], read: (line: string) => readonly T[]): T[] {
  const values: T[] = [];
  const whys: string[] = [];
  const remedies = new Set<string>();
  for (const line of lines) {
    try {
      values.push(...read(line));
    } catch (error) {
      if (!(error instanceof InputProblem)) throw error;
      whys.push(`line ${JSON.stringify(oneLine(line))}: ${error.message}`);
      if (error.remedy !== undefined) remedies.add(error.remedy);
    }
  }
  if (whys.length > 0) {
    throw new InputProblem(whys.join('; '), [...remedies].join(' ') || undefined);
  }
  return values;
}
