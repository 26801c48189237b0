import type { Failure } from '../failure/Failure.ts';
import { oneLine } from '../log/oneLine.ts';

/** Where they stand in the file is the order in which a person mends them. */
export function inOrder(file: string, failures: readonly Failure[]): AggregateError {
  const once = new Map(failures.map((one) => [one.message, one]));
  const position = ({ place }: Failure) => (place?.line ?? 0) * 1e6 + (place?.column ?? 0);
  const ordered = [...once.values()].sort((a, b) => position(a) - position(b));
  return new AggregateError(ordered, `${oneLine(file)} is wrong.`);
}
