import { describe, expect, it } from '@jest/globals';
import { readDemoOptions } from './demoOptions.ts';

describe('the options of the demo', () => {
  it.each([
    ['', { component: { name: 'map-web' }, how: undefined, keep: false }],
    [
      '--component static-site --break crash --keep',
      { component: { name: 'static-site' }, how: 'crash', keep: true },
    ],
  ])('%j are read', (args, expected) => {
    expect(readDemoOptions(args.split(' ').filter(Boolean))).toMatchObject(expected);
  });

  it.each([
    ['--bogus', '--bogus is not known. There are --component, --break, --keep.'],
    ['--brake crash', '--brake is not known. Did you mean --break?'],
    ['--component map', '--component map is not known. Did you mean map-web?'],
    ['--break crsh', '--break crsh is not known. Did you mean crash?'],
    ['crash', '"crash" is no option. Write npm run demo -- [--component NAME]'],
    ['--break', "Option '--break <value>' argument missing. Write npm run demo"],
    ['--keep=yes', "Option '--keep' does not take an argument. Write npm run demo"],
  ])('%s is refused with a sentence', (args, expected) => {
    expect(() => readDemoOptions(args.split(' '))).toThrow(expected);
  });
});
