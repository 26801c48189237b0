import { expect, it } from '@jest/globals';
import { parseSetting, treeOf } from './parseSet.ts';

it.each<[string[], object]>([
  [['a=1', 'b.c=true', 'b.d=x y'], { a: 1, b: { c: true, d: 'x y' } }],
  [
    ['tag=1.10', 'zip=007', 'big=12345678901234567'],
    { tag: '1.10', zip: '007', big: '12345678901234567' },
  ],
  [['a=x=y,z', 'b='], { a: 'x=y,z', b: '' }],
  [['a\\.b.c=null'], { 'a.b': { c: null } }],
  [['list[1].x=1', 'list[0]=a'], { list: ['a', { x: 1 }] }],
  [['a:={"b": [1]}', 'c:="1"'], { a: { b: [1] }, c: '1' }],
  [['a.b=1', 'a=2'], { a: 2 }],
  [['a=2', 'a.b=1'], { a: { b: 1 } }],
])('%j', (lines, expected) => {
  expect(treeOf(lines.map(parseSetting))).toEqual(expected);
});

it.each([
  ['replicas', 'is not path=value'],
  ['=1', 'is not path=value'],
  ['a:={', 'the value of a is not JSON'],
  ['a..b=1', 'is not a path'],
  ['__proto__.x=1', 'is not a path'],
])('refuses %s', (line, said) => {
  expect(() => parseSetting(line)).toThrow(said);
});
