import { expect, it } from '@jest/globals';
import { digestOfValues } from './digestOfValues.ts';

const secrets = new Set(['hunter2', '']);
const digest = (values: unknown) => digestOfValues(values, secrets);

it.each<[string, unknown, unknown, boolean]>([
  ['other order', { a: 1, b: [2] }, { b: [2], a: 1 }, true],
  ['another value', { a: 1 }, { a: 2 }, false],
  ['another type', { a: 1 }, { a: '1' }, false],
  ['a secret and none', { a: 'hunter2' }, { a: 'x' }, false],
  ['a secret in a text', { a: ['u:hunter2@h'] }, { a: ['***'] }, true],
  ['null', { a: null }, { a: {} }, false],
])('%s', (_name, one, other, same) => {
  expect(digest(one) === digest(other)).toBe(same);
  expect(digest(one)).toMatch(/^sha256:[0-9a-f]{64}$/);
});
