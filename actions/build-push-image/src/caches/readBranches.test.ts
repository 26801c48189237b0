import { describe, expect, it } from '@jest/globals';
import { readBranches } from './readBranches.ts';

const repository = { full_name: 'acme/web', default_branch: 'main' };
const pull = (from: string) => ({
  repository,
  pull_request: { head: { ref: 'map', repo: { full_name: from } }, base: { ref: 'next' } },
});

describe('readBranches', () => {
  it.each<[string, Record<string, string>, unknown, ReturnType<typeof readBranches>]>([
    [
      'a push to the default branch',
      { GITHUB_REF: 'refs/heads/main' },
      { repository },
      { branch: 'main', fallbacks: [], defaultBranch: 'main', untrusted: false },
    ],
    [
      'a schedule, whose payload says nothing of the repository',
      { GITHUB_EVENT_NAME: 'schedule', GITHUB_REF: 'refs/heads/main' },
      { schedule: '17 3 * * *' },
      { branch: 'main', fallbacks: [], defaultBranch: 'main', untrusted: false },
    ],
    [
      'a push to another',
      { GITHUB_REF: 'refs/heads/a/b' },
      { repository },
      { branch: 'a/b', fallbacks: ['main'], defaultBranch: 'main', untrusted: false },
    ],
    [
      'a git tag is built once',
      { GITHUB_REF: 'refs/tags/v1' },
      { repository },
      { branch: undefined, fallbacks: ['main'], defaultBranch: 'main', untrusted: false },
    ],
    [
      'a pull request of the repository itself',
      { GITHUB_REF: 'refs/pull/7/merge' },
      pull('acme/web'),
      { branch: 'map', fallbacks: ['next', 'main'], defaultBranch: 'main', untrusted: false },
    ],
    [
      'a pull request of a fork',
      { GITHUB_REF: 'refs/pull/7/merge' },
      pull('eve/web'),
      { branch: undefined, fallbacks: ['next', 'main'], defaultBranch: 'main', untrusted: true },
    ],
    [
      'Dependabot',
      { GITHUB_REF: 'refs/heads/dependabot/npm', GITHUB_ACTOR: 'dependabot[bot]' },
      { repository },
      { branch: undefined, fallbacks: ['main'], defaultBranch: 'main', untrusted: true },
    ],
    [
      'a pull request of the default branch itself',
      { GITHUB_REF: 'refs/pull/7/merge' },
      {
        ...pull('acme/web'),
        pull_request: {
          ...pull('acme/web').pull_request,
          head: { ref: 'main', repo: { full_name: 'acme/web' } },
        },
      },
      { branch: undefined, fallbacks: ['next', 'main'], defaultBranch: 'main', untrusted: false },
    ],
    ...['workflow_run', 'issue_comment'].map(
      (name): [string, Record<string, string>, unknown, ReturnType<typeof readBranches>] => [
        `${name}, which may have checked out anybody's code`,
        { GITHUB_REF: 'refs/heads/main', GITHUB_EVENT_NAME: name },
        { repository },
        { branch: undefined, fallbacks: ['main'], defaultBranch: 'main', untrusted: false },
      ],
    ),
    [
      'pull_request_target of a fork',
      { GITHUB_REF: 'refs/heads/main', GITHUB_EVENT_NAME: 'pull_request_target' },
      pull('eve/web'),
      { branch: undefined, fallbacks: ['next', 'main'], defaultBranch: 'main', untrusted: true },
    ],
    [
      'a merge queue',
      { GITHUB_REF: 'refs/heads/gh-readonly-queue/main/pr-7' },
      { repository, merge_group: { base_ref: 'refs/heads/main' } },
      { branch: undefined, fallbacks: ['main'], defaultBranch: 'main', untrusted: false },
    ],
    [
      'no event',
      { GITHUB_REF: 'refs/heads/main' },
      undefined,
      { branch: 'main', fallbacks: [], defaultBranch: undefined, untrusted: false },
    ],
    [
      'nothing at all',
      {},
      undefined,
      { branch: undefined, fallbacks: [], defaultBranch: undefined, untrusted: false },
    ],
  ])('%s', (_name, env, event, expected) => {
    expect(readBranches(env, event)).toEqual(expected);
  });
});
