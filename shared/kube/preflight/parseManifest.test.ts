import { expect, it } from '@jest/globals';
import { parseManifest } from './parseManifest.ts';

const head = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n';

it.each([
  ['nothing', '', []],
  ['comments and empty documents', '---\n# Source: a\n---\n\n---\n', []],
  ['what is no object', '---\nhello\n---\n- 1\n---\na: b\n', []],
  ['an object without metadata', 'apiVersion: v1\nkind: X\n', [{ metadata: {} }]],
  ['several', `---\n${head}---\n${head}`, [{ kind: 'ConfigMap' }, { kind: 'ConfigMap' }]],
  [
    'a list, one by one',
    'apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: A}\n- {apiVersion: v1, kind: B}\n',
    [{ kind: 'A' }, { kind: 'B' }],
  ],
  ['octal numbers', `${head}mode: 0644\n`, [{ mode: 0o644 }]],
  ['yes as Go reads it', `${head}on_: yes\n`, [{ on_: true }]],
  ['no numbers to the base of 60', `${head}at: 10:30\n`, [{ at: '10:30' }]],
  ['no times', `${head}day: 2026-01-02\n`, [{ day: '2026-01-02' }]],
  ['a key twice: the last one counts', `${head}a: 1\na: 2\n`, [{ a: 2 }]],
  ['anchors and merges', `${head}a: &a {x: 1}\nb: {<<: *a, z: 2}\n`, [{ b: { x: 1, z: 2 } }]],
])('reads %s', (_what, text, expected) => {
  expect(parseManifest(text)).toMatchObject(expected);
});

it('throws on what is not YAML', () => {
  expect(() => parseManifest('a: [')).toThrow();
});
