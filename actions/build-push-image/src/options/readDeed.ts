import type { InputReader } from '../../../../shared/action/InputReader.ts';
import { Failure } from '../../../../shared/failure/Failure.ts';

/** The input that asks for each deed; without any of them an image is built. */
const askedBy = {
  'bake-file': 'bake',
  merge: 'merge',
  promote: 'promote',
  retention: 'retention',
} as const;

/** The other way in which an expression comes to nothing. */
export const droppedOutputs =
  'GitHub drops an output that holds the value of a secret: hand on `digest` then, which holds none.';

/**
 * What the runner fills in for those whose value comes from other jobs, so that an expression that gave
 * nothing is seen: to it, nothing given and an empty text are the same.
 */
const absent = 'off';
const filledIn: ReadonlySet<string> = new Set(['merge', 'promote']);

export type Deed = 'build' | (typeof askedBy)[keyof typeof askedBy];

/**
 * What this step shall do.
 *
 * @throws {Failure} when it is asked for more than one thing, since the other inputs mean different things
 * then; or for something of nothing, since a build is not what was meant
 */
export function readDeed(reader: InputReader): Deed {
  const names = Object.keys(askedBy) as (keyof typeof askedBy)[];
  const given = names.filter(
    (name) => reader.has(name) && !(filledIn.has(name) && reader.is(name, absent)),
  );
  const empty = names.find(
    (name) => reader.isBlank(name) || (filledIn.has(name) && reader.isEmpty(name)),
  );
  if (empty !== undefined) {
    const off = filledIn.has(empty) ? ` Where nothing is meant, write \`${absent}\`.` : '';
    throw new Failure({
      what: `Input ${empty} is empty.`,
      why: 'The expressions in it gave nothing.',
      remedy: `See that the steps and jobs that it names have these outputs. ${droppedOutputs}${off}`,
    });
  }
  const [first, second] = given;
  if (second !== undefined) {
    throw new Failure({
      what: `Inputs ${given.join(' and ')} are given together, and a step does one of them.`,
      remedy: 'Write a step for each.',
    });
  }
  return first === undefined ? 'build' : askedBy[first];
}
