import { InputProblem } from '../../../../shared/action/InputReader.ts';
import { eachLine } from './eachLine.ts';
import { oneWordOf, readAttributes, unknownAttribute } from './readAttributes.ts';

/** What holds for all tags that have no prefix or suffix of their own. */
export interface Flavor {
  /** `auto`: the tag that comes first says it, and does so for versions and git tags. */
  readonly latest: 'auto' | 'true' | 'false';
  readonly prefix: Affix;
  readonly suffix: Affix;
}

interface Affix {
  readonly text: string;
  /** Whether `latest` has it too. */
  readonly onLatest: boolean;
}

export const noFlavor: Flavor = Object.freeze({
  latest: 'auto',
  prefix: { text: '', onLatest: false },
  suffix: { text: '', onLatest: false },
});

/**
 * Reads the lines of `flavor`: `latest=`, `prefix=`, `suffix=`; the last two take `,onlatest=`.
 *
 * @throws {InputProblem} that names each wrong line
 */
export function readFlavor(lines: readonly string[]): Flavor {
  const parts = eachLine(lines, (line) => [readLine(line)]);
  return Object.freeze(Object.assign({}, noFlavor, ...parts));
}

function readLine(line: string): Partial<Flavor> {
  const found: { -readonly [K in keyof Flavor]?: Flavor[K] } = {};
  let last: 'prefix' | 'suffix' | undefined;
  for (const { key, value } of readAttributes(line)) {
    if (key === 'latest') {
      found.latest = oneWordOf(['auto', 'true', 'false'], value.toLowerCase(), 'latest');
    } else if (key === 'prefix' || key === 'suffix') {
      last = key;
      found[last] = { text: value, onLatest: false };
    } else if (key === 'onlatest' && last !== undefined) {
      const word = oneWordOf(['true', 'false'], value.toLowerCase(), 'onlatest');
      found[last] = { text: found[last]?.text ?? '', onLatest: word === 'true' };
    } else if (key === undefined || key === 'onlatest') {
      throw new InputProblem(
        key === undefined ? 'it is no key=value' : 'onlatest= follows neither prefix= nor suffix=',
        'Write `latest=auto`, or `prefix=v,onlatest=true`.',
      );
    } else {
      unknownAttribute(key, ['latest', 'prefix', 'suffix', 'onlatest'], 'flavor');
    }
  }
  return found;
}
