import { InputProblem } from '../../../../shared/action/InputReader.ts';
import { nearest } from '../../../../shared/text/nearest.ts';

/** @throws {InputProblem} that names the attribute that was probably meant */
export function unknownAttribute(key: string, known: readonly string[], owner: string): never {
  const near = nearest(key, known);
  throw new InputProblem(
    `${owner} has no attribute ${key}`,
    `${near === undefined ? '' : `Did you mean ${near}=? `}It takes ${known.join(', ')}.`,
  );
}
