import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { clouds } from '../../azure/clouds.ts';
import { Failure } from '../../failure/Failure.ts';
import { silent } from '../../log/Log.ts';
import type { Runner } from '../Runner.ts';
import { makeKeychain } from './makeKeychain.ts';
import type { RegistryLogin } from './RegistryLogin.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'keychain-'));
  const auths = { 'base.azurecr.io': { auth: btoa('bob:earlier') } };
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ auths }));
});
afterEach(() => rmSync(folder, { recursive: true }));

const own = { username: 'own', password: 'x' };
const login: RegistryLogin = {
  registry: 'acme.azurecr.io',
  by: 'oidc',
  cloud: clouds.public,
  tenant: 'tenant',
  clientId: 'client',
};

/** Of a job that may not ask for an id token. */
function keychain(pushed: readonly string[] = ['acme.azurecr.io']) {
  const said: string[] = [];
  const log = { ...silent, info: (text: string) => said.push(text) };
  const runner = { env: { DOCKER_CONFIG: folder }, log } as unknown as Runner;
  const http = () => Promise.reject(new Failure({ what: 'Nothing answers.' }));
  const source = async () => {
    if (pushed.includes('refused.test')) throw new Failure({ what: 'It is refused.' });
    return own;
  };
  const sources = new Map([
    ['acme.azurecr.io', source],
    ['refused.test', source],
  ]);
  return {
    said,
    chain: makeKeychain([login], sources, new Set(pushed), runner, { http, log, mask() {} }),
  };
}

describe('makeKeychain', () => {
  it.each([
    ['a registry that is pushed to', 'acme.azurecr.io', own],
    [
      'one that an earlier step logged in to',
      'base.azurecr.io',
      { username: 'bob', password: 'earlier' },
    ],
    ['one that nobody logged in to', 'quay.io', undefined],
  ])('%s', async (_name, registry, expected) => {
    expect(await keychain().chain.credentialFor(registry)).toEqual(expected);
  });

  it("tries the identity at another registry of Azure's, and reads as everybody where it is refused", async () => {
    const { chain, said } = keychain();
    expect(await chain.credentialFor('other.azurecr.io')).toBeUndefined();
    expect(said).toEqual([
      expect.stringContaining('There is no login to other.azurecr.io: This job'),
    ]);
    expect(chain.lastRefusal()?.what).toContain('may not ask GitHub for an id token');
  });

  it('fails where a push would', async () => {
    const { chain } = keychain(['refused.test']);
    await expect(chain.credentialFor('refused.test')).rejects.toThrow('It is refused.');
  });

  it('lists what it knows', async () => {
    expect(await keychain().chain.registries()).toEqual([
      'acme.azurecr.io',
      'refused.test',
      'base.azurecr.io',
    ]);
  });
});
