import { describe, expect, it } from '@jest/globals';
import { holderOf, runAddress, runOf } from './holder.ts';

const env = {
  GITHUB_REPOSITORY: 'acme/web',
  GITHUB_RUN_ID: '7',
  GITHUB_RUN_ATTEMPT: '2',
  GITHUB_JOB: 'deploy',
  GITHUB_SERVER_URL: 'https://github.example',
};

describe('the holder of a release', () => {
  it.each<[string, string, ReturnType<typeof runOf>]>([
    ['a step of ours', holderOf(env), { repository: 'acme/web', runId: '7', attempt: '2' }],
    [
      'one outside of a job',
      holderOf({ ...env, GITHUB_JOB: undefined }),
      { repository: 'acme/web', runId: '7', attempt: '2' },
    ],
    ['a step outside of a run', holderOf({}), undefined],
    ['somebody else', 'acme/web run 7', undefined],
    ['a path that leads elsewhere', 'acme/../x run 7.2 deploy (a)', undefined],
    ['nobody', '', undefined],
  ])('%s', (_name, holder, run) => {
    expect(runOf(holder)).toEqual(run);
  });

  it('differs in each step of the same job', () => {
    expect(holderOf(env)).not.toBe(holderOf(env));
  });

  it('has the address of its run', () => {
    const address = 'https://github.example/acme/web/actions/runs/7/attempts/2';
    expect(runAddress(holderOf(env), env)).toBe(address);
    expect(runAddress('somebody', env)).toBeUndefined();
  });
});
