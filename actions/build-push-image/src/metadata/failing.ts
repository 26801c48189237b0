import { InputProblem } from '../../../../shared/action/InputReader.ts';
import { Failure } from '../../../../shared/failure/Failure.ts';
import { oneLine } from '../../../../shared/log/oneLine.ts';

/** Turns what is wrong with a line of an input, once its expressions are known, into a Failure. */
export function failing<T>(input: string, line: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof InputProblem)) throw error;
    throw new Failure({
      what: `Input ${input}: line ${JSON.stringify(oneLine(line))}: ${error.message}.`,
      remedy: error.remedy,
    });
  }
}
