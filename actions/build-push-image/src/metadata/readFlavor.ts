import { InputProblem } from '../../../../shared/action/InputReader.ts';
import { eachLine } from './eachLine.ts';
import { type Flavor, noFlavor } from './Flavor.ts';
import { oneWordOf } from './oneWordOf.ts';
import { readAttributes } from './readAttributes.ts';
import { unknownAttribute } from './unknownAttribute.ts';

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
