import {
  InputProblem,
  type InputReader,
  type Parse,
} from '../../../../shared/action/InputReader.ts';
import { boolean } from '../../../../shared/action/parsers.ts';
import type { Runner } from '../../../../shared/action/Runner.ts';
import { parseList } from './parseList.ts';
import { type PassedOn, type PassedOnName, type PassedOnValues, passedOn } from './passedOn.ts';
import { expandContext } from './readContext.ts';

/** Reads the inputs that buildx gets as they are. */
export async function readPassedOn(
  reader: InputReader,
  env: Runner['env'],
): Promise<PassedOnValues> {
  const values: Partial<Record<PassedOnName, readonly string[]>> = {};
  for (const [name, option] of Object.entries(passedOn)) {
    const given = await reader.optional(name, parser(option));
    if (given !== undefined && given.length > 0) values[name as PassedOnName] = given;
  }
  const contexts = values['build-contexts']?.map((context) => expandContext(context, env));
  return contexts === undefined ? values : { ...values, 'build-contexts': contexts };
}

function parser({ form, entry }: PassedOn): Parse<readonly string[]> {
  return async (text) => {
    if (form === 'switch') return (await boolean(text)) ? ['true'] : [];
    const entries = form === 'text' ? [text.trim()] : await parseList(text, form === 'list');
    const wrong = entry && entries.find((one) => !entry.pattern.test(one));
    if (wrong === undefined) return entries;
    throw new InputProblem(`${JSON.stringify(wrong)} cannot be read`, entry?.remedy);
  };
}

/** The command line of what is passed on. */
export function passedOnArguments(values: PassedOnValues): string[] {
  return Object.entries(passedOn).flatMap(([name, { flag, form }]) => {
    const given = values[name as PassedOnName] ?? [];
    return form === 'switch' ? given.map(() => flag) : given.flatMap((value) => [flag, value]);
  });
}
