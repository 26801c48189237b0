import type { Log } from '../log/Log.ts';
import type { InputReader } from './InputReader.ts';

/** Repeats the runner's own warning of unknown `with:` keys as ours, with the name that was meant. */
export function warnUnknownInputs(reader: InputReader, log: Log): void {
  for (const { name, meant } of reader.unknown()) {
    log.warning(
      `Input ${name} is not an input of this action and has no effect.${
        meant === undefined ? '' : ` Did you mean ${meant}?`
      }`,
    );
  }
}
