import { describe, expect, it } from '@jest/globals';
import { absoluteContexts } from './describeContexts.ts';

describe('absoluteContexts', () => {
  it.each([
    ['lib', '/work/lib'],
    ['./lib', '/work/lib'],
    ['../lib', '/lib'],
    ['.', '/work'],
    ['/opt/lib', '/opt/lib'],
    ['docker-image://r.io/a', 'docker-image://r.io/a'],
    ['target:base', 'target:base'],
    ['https://h.io/a.git#main', 'https://h.io/a.git#main'],
    ['git@h.io:a.git', 'git@h.io:a.git'],
    ['github.com/a/b', 'github.com/a/b'],
  ])('%s', (value, expected) => {
    expect(absoluteContexts({ name: value }, '/work')).toEqual({ name: expected });
  });
});
