import { parseArgs } from 'node:util';
import { Failure } from '../../shared/failure/Failure.ts';
import { nearest } from '../../shared/text/nearest.ts';
import { type Break, breaks } from '../path/breakComponent.ts';
import { type Component, components } from '../path/components.ts';

/** What a person may ask of a demo. */
export interface Options {
  readonly component: Component;
  readonly how: Break | undefined;
  readonly keep: boolean;
}

const usage = `npm run demo -- [--component NAME] [--break ${breaks.join('|')}] [--keep]`;
const options = {
  component: { type: 'string', default: 'map-web' },
  break: { type: 'string' },
  keep: { type: 'boolean', default: false },
} as const;

/** @throws {Failure} that names the option or word that was meant */
export function readDemoOptions(args: readonly string[]): Options {
  const { component, break: how, keep } = readValues(args);
  const found = components.find(({ name }) => name === component);
  const names = components.map(({ name }) => name);
  if (found === undefined) throw unknown(`--component ${component}`, component, names);
  const known = breaks.find((name) => name === how);
  if (how !== undefined && known === undefined) throw unknown(`--break ${how}`, how, breaks);
  return { component: found, how: known, keep };
}

function readValues(args: readonly string[]) {
  const { tokens } = parseArgs({ args: [...args], options, strict: false, tokens: true });
  for (const token of tokens) {
    if (token.kind === 'positional') throw refused(`${JSON.stringify(token.value)} is no option.`);
    if (token.kind === 'option' && !(token.name in options)) {
      const all = Object.keys(options).map((name) => `--${name}`);
      throw unknown(token.rawName, token.rawName, all);
    }
  }
  try {
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    // What is left to be wrong is a value that is missing or too much.
    throw refused((error as Error).message.split('\n')[0]);
  }
}

function unknown(what: string, given: string, known: readonly string[]): Failure {
  const near = nearest(given, known);
  return new Failure({
    what: `${what} is not known.`,
    remedy: `${near === undefined ? '' : `Did you mean ${near}? `}There are ${known.join(', ')}.`,
  });
}

function refused(what = 'The options cannot be read.'): Failure {
  return new Failure({ what: what.replace(/\.?$/, '.'), remedy: `Write ${usage}.` });
}
