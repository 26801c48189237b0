import { InputProblem } from '../../../../../shared/action/InputReader.ts';

/** When nothing is said: what a registry and a job's start can bear. */
export const defaultLimit = '2g';

const powers = ['b', 'k', 'm', 'g', 't'];

/**
 * Reads a size as docker writes it: `500m`, `2g`, `2GB`; a unit is 1024 of the one before.
 *
 * @throws {InputProblem} for anything else
 */
export function parseSize(text: string): number {
  const [, digits, unit = 'b'] = /^(\d+(?:\.\d+)?)\s*([bkmgt])?(?:i?b)?$/i.exec(text.trim()) ?? [];
  if (digits === undefined) {
    throw new InputProblem('is not a size', 'Write a number and a unit, such as `2g` or `500m`.');
  }
  return Math.round(Number(digits) * 1024 ** powers.indexOf(unit.toLowerCase()));
}
