import { describe, expect, it } from '@jest/globals';
import { KubeProblem } from './KubeApi.ts';
import { letPull } from './letPull.ts';

/** An account whose next replacements are refused with these codes. */
function accountWith(secrets: string[], refusals: number[] = []) {
  const account = {
    imagePullSecrets: secrets.map((name) => ({ name })),
    secrets: [{ name: 'kept' }],
  };
  let current: object = account;
  const api = {
    get: async () => current as never,
    replace: async (_path: string, object: unknown) => {
      const code = refusals.shift();
      if (code !== undefined) throw new KubeProblem(code, 'somebody else was first');
      current = object as object;
    },
  };
  return { run: () => letPull(api, 'web', 'default', 'pull'), now: () => current };
}

describe('letPull', () => {
  it.each<[string, string[], number[], boolean, string[]]>([
    ['adds it', ['other'], [], true, ['other', 'pull']],
    ['changes nothing twice', ['pull', 'other'], [], false, ['pull', 'other']],
    ['tries again when somebody was faster', [], [409, 409], true, ['pull']],
  ])('%s', async (_name, before, refusals, changed, after) => {
    const { run, now } = accountWith(before, refusals);
    expect(await run()).toBe(changed);
    const imagePullSecrets = after.map((name) => ({ name }));
    expect(now()).toEqual({ imagePullSecrets, secrets: [{ name: 'kept' }] });
  });

  it('says what may not be done', async () => {
    await expect(accountWith([], [403]).run()).rejects.toThrow(
      /default in namespace web cannot get the pull secret pull.*get and update ServiceAccounts/,
    );
  });
});
