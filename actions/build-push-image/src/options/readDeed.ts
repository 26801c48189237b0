import type { InputReader } from '../../../../shared/action/InputReader.ts';
import { Failure } from '../../../../shared/failure/Failure.ts';

/** The input that asks for each deed; without any of them an image is built. */
const askedBy = {
  'bake-file': 'bake',
  merge: 'merge',
  promote: 'promote',
  retention: 'retention',
} as const;

export type Deed = 'build' | (typeof askedBy)[keyof typeof askedBy];

/**
 * What this step shall do.
 *
 * @throws {Failure} when it is asked for more than one thing: the other inputs mean different things then
 */
export function readDeed(reader: InputReader): Deed {
  const names = Object.keys(askedBy) as (keyof typeof askedBy)[];
  const given = names.filter((name) => reader.has(name));
  const [first, second] = given;
  if (second !== undefined) {
    throw new Failure({
      what: `Inputs ${given.join(' and ')} are given together, and a step does one of them.`,
      remedy: 'Write a step for each.',
    });
  }
  return first === undefined ? 'build' : askedBy[first];
}
