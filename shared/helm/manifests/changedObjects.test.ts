import { expect, it } from '@jest/globals';
import { changedObjects } from './changedObjects.ts';

const map = (name: string, x: string) =>
  `# Source: web\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata: {x: ${x}}\n`;

it.each<[string, string, string, string[]]>([
  ['the same', map('a', '1'), map('a', '1'), []],
  [
    'another order and form',
    `${map('a', '1')}---\n${map('b', '1')}`,
    `---\n${map('b', '1')}---\n{kind: ConfigMap, data: {x: 1}, metadata: {name: a}}`,
    [],
  ],
  ['a change', map('a', '1'), map('a', '2'), ['ConfigMap/a']],
  ['one more', map('a', '1'), `${map('a', '1')}---\n${map('b', '2')}`, ['ConfigMap/b']],
  ['one less', map('a', '1'), '', ['ConfigMap/a']],
])('%s', (_name, before, after, expected) => {
  expect(changedObjects(before, after)).toEqual(expected);
});
