import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { clouds } from '../../azure/clouds.ts';
import { silent } from '../../log/Log.ts';
import { credentialsOf } from './credentialsOf.ts';
import type { RegistryLogin } from './RegistryLogin.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'credentials-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const log = silent;
const effects = { http: () => Promise.reject(new Error('Nothing is asked.')), log, mask() {} };
const source = (login: RegistryLogin, env: Record<string, string> = {}) =>
  credentialsOf(login, { env: { DOCKER_CONFIG: folder, ...env }, log }, effects);

const earlier = () =>
  writeFileSync(
    join(folder, 'config.json'),
    JSON.stringify({ auths: { 'ghcr.io': { auth: btoa('bob:pat') } } }),
  );
const github: RegistryLogin = { registry: 'ghcr.io', by: 'github', token: 'ghs' };

describe('credentialsOf', () => {
  it("gives the job's token at GitHub's registry", async () => {
    const credential = await source(github, { GITHUB_ACTOR: 'octocat' })();
    expect(credential).toEqual({ username: 'octocat', password: 'ghs' });
  });

  it('prefers what an earlier step logged in with', async () => {
    earlier();
    const credential = { username: 'bob', password: 'pat' };
    expect(await source(github)()).toEqual(credential);
    expect(await source({ registry: 'ghcr.io', by: 'existing' })()).toEqual(credential);
  });

  it('gives user name and password whatever an earlier step did', async () => {
    earlier();
    const user = { username: 'alice', password: 'pass' };
    expect(await source({ registry: 'ghcr.io', by: 'password', ...user })()).toEqual(user);
  });

  it('does not speak to an Entra without TLS', () => {
    const login = {
      registry: 'a.azurecr.io',
      by: 'managed',
      cloud: clouds.public,
      clientId: undefined,
    } as const;
    expect(() => source(login, { AZURE_AUTHORITY_HOST: 'http://entra.test' })).toThrow(
      /AZURE_AUTHORITY_HOST cannot be used: it is not an https address/,
    );
  });
});
