import type { InputReader } from '../../../../shared/action/InputReader.ts';
import type { Log } from '../../../../shared/log/Log.ts';
import { defaults, inputNames } from './inputNames.ts';
import type { Deed } from './readDeed.ts';

/**
 * Tells of inputs that mean nothing to what this step does. Those that the runner fills in by itself
 * tell nothing of what a person wrote.
 */
export function warnIdleInputs(reader: InputReader, deed: Deed, log: Pick<Log, 'warning'>): void {
  const read = new Set(reader.names);
  for (const name of inputNames) {
    if (read.has(name) || !reader.has(name) || isDefault(name, reader)) continue;
    log.warning(`Input ${name} has no effect ${places[deed]}.`);
  }
}

function isDefault(name: string, reader: InputReader): boolean {
  const text = defaults.get(name);
  return text === undefined ? defaults.has(name) : reader.is(name, text);
}

const places: Readonly<Record<Deed, string>> = {
  build: 'on a build',
  bake: 'beside bake-file',
  merge: 'beside merge',
  promote: 'beside promote',
  retention: 'beside retention',
};
