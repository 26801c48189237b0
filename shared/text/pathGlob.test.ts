import { expect, it } from '@jest/globals';
import { pathGlob } from './pathGlob.ts';

it.each<[string, string, boolean]>([
  ['app/*.jar', 'app/a.jar', true],
  ['/app/*.jar', 'app/a.jar', true],
  ['app/*.jar', '/app/a.jar', true],
  ['./app/*.jar', 'app/a.jar', true],
  ['app/*.jar', 'app/lib/a.jar', false],
  ['app/**', 'app/lib/.hidden/a', true],
  ['**/node_modules/**', 'web/node_modules/a/package.json', true],
  ['app/{a,b}.tf', 'app/b.tf', true],
  ['!app/**', 'web/a', false],
  ['app', 'app/a', false],
])('%j of %j: %s', (pattern, path, expected) => {
  expect(pathGlob(pattern)(path)).toBe(expected);
});

it.each([[''], ['/'], ['a'.repeat(70_000)]])('%.9j is no glob', (pattern) => {
  expect(() => pathGlob(pattern)).toThrow();
});
