import { describe, expect, it } from '@jest/globals';
import { readFlavor } from './readFlavor.ts';

const affix = (text: string, onLatest = false) => ({ text, onLatest });

describe('readFlavor', () => {
  it.each<[string[], object]>([
    [[], {}],
    [['latest=auto', 'prefix=', 'suffix='], {}],
    [['latest=true'], { latest: 'true' }],
    [['latest=FALSE'], { latest: 'false' }],
    [['latest=true,prefix=a'], { latest: 'true', prefix: affix('a') }],
    [['prefix=a,onlatest=true'], { prefix: affix('a', true) }],
    [['suffix=-b,onlatest=false'], { suffix: affix('-b') }],
    [
      ['prefix=a,onlatest=true,suffix=b,onlatest=true'],
      { prefix: affix('a', true), suffix: affix('b', true) },
    ],
    [['prefix={{branch}}-'], { prefix: affix('{{branch}}-') }],
  ])('%j', (lines, expected) => {
    const standard = { latest: 'auto', prefix: affix(''), suffix: affix('') };
    expect(readFlavor(lines)).toEqual({ ...standard, ...expected });
  });

  it.each<[string, string]>([
    ['latest=always', 'latest=always is not known'],
    ['latest=', 'latest= is empty'],
    ['latest', 'it is no key=value'],
    ['onlatest=true', 'onlatest= follows neither prefix= nor suffix='],
    ['prefix=a,onlatest=1', 'onlatest=1 is not known'],
    ['prefx=a', 'flavor has no attribute prefx'],
  ])('refuses %s', (line, why) => {
    expect(() => readFlavor([line])).toThrow(`line ${JSON.stringify(line)}: ${why}`);
  });
});
