import { describe, expect, it } from '@jest/globals';
import { defaultBranchOf } from './defaultBranchOf.ts';

describe('defaultBranchOf', () => {
  const repository = { default_branch: 'trunk' };
  it.each<[string, string, unknown, string | undefined]>([
    ['push', 'refs/heads/main', { repository }, 'trunk'],
    ['push', 'refs/heads/main', {}, undefined],
    ['schedule', 'refs/heads/main', { repository }, 'trunk'],
    ['schedule', 'refs/heads/main', { schedule: '17 3 * * *' }, 'main'],
    ['schedule', 'refs/tags/v1', undefined, undefined],
  ])('%s of %s with %j: %s', (name, ref, payload, expected) => {
    const env = { GITHUB_EVENT_NAME: name, GITHUB_REF: ref };
    expect(defaultBranchOf(env, payload)).toBe(expected);
  });
});
