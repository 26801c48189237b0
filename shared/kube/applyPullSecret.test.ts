import { Buffer } from 'node:buffer';
import { describe, expect, it } from '@jest/globals';
import { applyPullSecret, withLogin } from './applyPullSecret.ts';
import { KubeProblem } from './KubeApi.ts';

const user = { registry: 'acme.azurecr.io', username: 'u', password: 'p' };
const login = { username: 'u', password: 'p', auth: 'dTpw' };
const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64');

describe('withLogin', () => {
  it.each([
    ['none', undefined, { 'acme.azurecr.io': login }],
    ['what is no JSON', 'bm8=', { 'acme.azurecr.io': login }],
    [
      'other logins',
      encoded({ auths: { 'ghcr.io': { auth: 'x' }, 'acme.azurecr.io': { auth: 'old' } } }),
      { 'ghcr.io': { auth: 'x' }, 'acme.azurecr.io': login },
    ],
  ])('keeps %s', (_name, present, auths) => {
    expect(JSON.parse(withLogin(present, user))).toEqual({ auths });
  });
});

describe('applyPullSecret', () => {
  const attempt = (found: unknown) =>
    applyPullSecret(
      {
        get: async () => {
          if (found instanceof Error) throw found;
          return found as never;
        },
        apply: async () => {},
      },
      'web',
      'pull',
      user,
    ).catch((error: Error) => error.message);

  it('leaves a secret of another kind alone', async () => {
    expect(await attempt({ type: 'Opaque' })).toMatch(/no pull secret \(its type is Opaque\)/);
  });

  it('says what may not be done', async () => {
    expect(await attempt(new KubeProblem(403, 'secrets "pull" is forbidden'))).toMatch(
      /cannot be written.*is forbidden.*get, create and patch Secrets/,
    );
    expect(await attempt(new KubeProblem(404, 'not found'))).toBeUndefined();
  });
});
