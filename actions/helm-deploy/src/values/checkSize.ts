import { InputProblem } from '../../../../shared/action/InputReader.ts';

/** The most of values that is read: Helm keeps them in a Secret, which may have 1 MiB. */
const largestValues = 4 * 1024 * 1024;

/** @throws {InputProblem} when nobody meant so much to be values */
export function checkSize(text: string): void {
  if (text.length <= largestValues) return;
  throw new InputProblem(
    `has ${Math.round(text.length / 1024 / 1024)} MiB; values may have 4 MiB`,
    'Take out what is data: Helm keeps values in a Secret, and a cluster takes 1 MiB.',
  );
}
