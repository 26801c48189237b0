import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readEvent } from './readEvent.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'event-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function read(env: Record<string, string>, payload?: unknown) {
  const path = join(folder, 'event.json');
  if (payload !== undefined) {
    await writeFile(path, typeof payload === 'string' ? payload : JSON.stringify(payload));
  }
  return readEvent({ ...env, ...(payload !== undefined && { GITHUB_EVENT_PATH: path }) });
}

const repository = {
  full_name: 'acme/web',
  name: 'web',
  description: 'The site',
  html_url: 'https://github.com/acme/web',
  default_branch: 'trunk',
  license: { spdx_id: 'MIT' },
  private: true,
};
const pull = (head: object) => ({
  number: 7,
  repository,
  pull_request: { number: 7, base: { ref: 'trunk' }, head },
});
const nothing = {
  fullName: undefined,
  name: undefined,
  description: undefined,
  url: undefined,
  licence: undefined,
  visibility: undefined,
  defaultBranch: undefined,
};

describe('readEvent', () => {
  it('reads a push', async () => {
    const event = await read(
      {
        GITHUB_EVENT_NAME: 'push',
        GITHUB_REF: 'refs/heads/a/b',
        GITHUB_SHA: 'abc',
        GITHUB_ACTOR: 'me',
      },
      { repository, head_commit: { id: 'abc', timestamp: '2020-01-10T02:00:00+02:00' } },
    );
    expect(event).toEqual({
      name: 'push',
      ref: { kind: 'branch', name: 'a/b' },
      sha: 'abc',
      headSha: undefined,
      baseRef: undefined,
      commitDate: new Date('2020-01-10T00:00:00Z'),
      schedule: undefined,
      repository: {
        fullName: 'acme/web',
        name: 'web',
        description: 'The site',
        url: 'https://github.com/acme/web',
        licence: 'MIT',
        visibility: 'private',
        defaultBranch: 'trunk',
      },
      fork: false,
      restricted: undefined,
    });
    expect(Object.isFrozen(event)).toBe(true);
  });

  it.each<[string, Record<string, string>, unknown, object]>([
    [
      'nothing at all',
      {},
      undefined,
      { name: '', ref: undefined, sha: undefined, repository: nothing },
    ],
    ['an empty file', { GITHUB_SHA: '' }, '', { sha: undefined, repository: nothing }],
    [
      'a payload of other types',
      {},
      { repository: [1], commits: 3, pull_request: 'x' },
      { repository: nothing, fork: false },
    ],
    ['a payload that is no object', {}, '[]', { repository: nothing }],
    [
      'the runner alone',
      { GITHUB_REPOSITORY: 'acme/web', GITHUB_SERVER_URL: 'https://ghes.example' },
      undefined,
      {
        repository: {
          ...nothing,
          fullName: 'acme/web',
          name: 'web',
          url: 'https://ghes.example/acme/web',
        },
      },
    ],
    [
      'a git tag, and the branch it came from',
      { GITHUB_REF: 'refs/tags/v1', GITHUB_EVENT_NAME: 'push' },
      { base_ref: 'refs/heads/trunk' },
      { ref: { kind: 'tag', name: 'v1' }, baseRef: 'trunk' },
    ],
    ['a reference that is neither', { GITHUB_REF: 'refs/notes/x' }, undefined, { ref: undefined }],
    [
      'a commit among several',
      { GITHUB_SHA: 'b' },
      {
        commits: [
          { id: 'a', timestamp: '2020-01-01T00:00:00Z' },
          { id: 'b', timestamp: '2020-01-02T00:00:00Z' },
        ],
      },
      { commitDate: new Date('2020-01-02T00:00:00Z') },
    ],
    [
      "another commit's date",
      { GITHUB_SHA: 'b' },
      { head_commit: { id: 'a', timestamp: '2020-01-01T00:00:00Z' } },
      { commitDate: undefined },
    ],
    [
      'a date that is none',
      { GITHUB_SHA: 'a' },
      { head_commit: { id: 'a', timestamp: 'x' } },
      { commitDate: undefined },
    ],
    [
      'a schedule',
      { GITHUB_EVENT_NAME: 'schedule' },
      { schedule: '0 3 * * *' },
      { schedule: '0 3 * * *' },
    ],
    [
      'a licence that GitHub does not know',
      {},
      { repository: { license: { spdx_id: 'NOASSERTION' }, visibility: 'internal' } },
      { repository: { ...nothing, visibility: 'internal' } },
    ],
  ])('%s', async (_name, env, payload, expected) => {
    expect(await read(env, payload)).toMatchObject(expected);
  });

  const own = { sha: 'h', repo: { full_name: 'acme/web' } };
  const other = { sha: 'h', repo: { full_name: 'mallory/web' } };
  it.each<[string, Record<string, string>, object, object]>([
    [
      'of the repository',
      { name: 'pull_request' },
      own,
      { fork: false, restricted: undefined, sha: 's' },
    ],
    ['of a fork', { name: 'pull_request' }, other, { fork: true, restricted: 'fork', sha: 's' }],
    [
      'of a deleted fork',
      { name: 'pull_request' },
      { sha: 'h', repo: null },
      { fork: true, restricted: 'fork' },
    ],
    ['a review of a fork', { name: 'pull_request_review' }, other, { restricted: 'fork' }],
    [
      "a fork in the base's workflow",
      { name: 'pull_request_target' },
      other,
      { fork: true, restricted: undefined, sha: 'h' },
    ],
    [
      'of Dependabot',
      { name: 'pull_request', GITHUB_ACTOR: 'dependabot[bot]' },
      own,
      { fork: false, restricted: 'dependabot' },
    ],
    [
      'by its own commit',
      { name: 'pull_request', DOCKER_METADATA_PR_HEAD_SHA: 'true' },
      own,
      { sha: 'h' },
    ],
  ])('a pull request: %s', async (_name, { name = '', ...env }, head, expected) => {
    const onBase = name === 'pull_request_target';
    const event = await read(
      {
        GITHUB_EVENT_NAME: name,
        GITHUB_REF: onBase ? 'refs/heads/trunk' : 'refs/pull/7/merge',
        GITHUB_SHA: 's',
        ...env,
      },
      pull(head),
    );
    expect(event).toMatchObject({
      ref: { kind: 'pull', name: '7' },
      headSha: 'h',
      baseRef: 'trunk',
      ...expected,
    });
  });

  it('refuses a payload that is not JSON', async () => {
    await expect(read({}, '{"a":')).rejects.toThrow('is not JSON');
  });
});
