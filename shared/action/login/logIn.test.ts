import { Buffer } from 'node:buffer';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Failure } from '../../failure/Failure.ts';
import type { Http } from '../../http/request.ts';
import { silent } from '../../log/Log.ts';
import { parseReference } from '../../oci/Reference.ts';
import type { Runner } from '../Runner.ts';
import { logIn } from './logIn.ts';
import type { RegistryLogin } from './RegistryLogin.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'log-in-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A registry that sends clients to a token server, which answers all with this status. */
const registry =
  (status: number): Http =>
  async ({ url }) => ({
    status: url.endsWith('/v2/') ? 401 : status,
    headers: { 'www-authenticate': 'Bearer realm="https://auth.test/token",service="r"' },
    body: Buffer.from('{"token":"opaque"}'),
  });

async function attempt(login: RegistryLogin, status: number, push = true) {
  const notices: string[] = [];
  const said: string[] = [];
  const runner = {
    env: { DOCKER_CONFIG: join(folder, 'docker'), PATH: process.env.PATH },
    log: {
      ...silent,
      notice: (text: string) => notices.push(text),
      info: (text: string) => said.push(text),
    },
    mask() {},
    tempDir: folder,
  } as unknown as Runner;
  const pushes = push ? [parseReference(`${login.registry}/acme/web:1`)] : [];
  const result = await logIn([login], runner, { pushes, http: registry(status) }).catch(
    (error: unknown) => error,
  );
  if (!(result instanceof Failure)) await (result as AsyncDisposable)[Symbol.asyncDispose]();
  return { result, notices, said };
}

const user = { by: 'password', username: 'alice', password: 'pass' } as const;

describe('logIn', () => {
  it('shows what to write where a password of Azure is used', async () => {
    const { notices, said } = await attempt({ registry: 'acme.azurecr.io', ...user }, 200);
    expect(notices).toEqual([expect.stringMatching(/id-token: write[\s\S]*azure-client-id/)]);
    expect(said).toEqual(['Logged in to acme.azurecr.io by user name and password.']);
  });

  it('is quiet about a password elsewhere', async () => {
    const { notices } = await attempt({ registry: 'docker.io', ...user }, 200);
    expect(notices).toEqual([]);
  });

  it.each<[string, RegistryLogin, number, RegExp]>([
    [
      "no login to a registry of Azure's",
      { registry: 'acme.azurecr.io', by: 'existing' },
      200,
      /No login to acme\.azurecr\.io is known.*azure-client-id/,
    ],
    [
      'no login to a registry that wants one',
      { registry: 'r.test', by: 'existing' },
      401,
      /No login to r\.test is known.*Give `username` and `password`.*azure-client-id/,
    ],
    [
      'a password that is not taken',
      { registry: 'docker.io', ...user },
      401,
      /docker\.io refuses the login.*user name and password.*Correct `username`/,
    ],
    [
      "a job's token without the permission",
      { registry: 'ghcr.io', by: 'github', token: 'ghs' },
      403,
      /ghcr\.io refuses the login.*packages: write/,
    ],
  ])('refuses %s', async (_name, login, status, said) => {
    const { result } = await attempt(login, status);
    expect((result as Failure).message).toMatch(said);
  });

  it.each([
    ['a registry that everybody may push to', { registry: 'r.test', by: 'existing' }, 200, true],
    ['one of which nothing is known', { registry: 'r.test', by: 'existing' }, 503, true],
    [
      'a password that is not taken, when nothing is pushed',
      { registry: 'r.test', ...user },
      401,
      false,
    ],
    ['a token server that is away', { registry: 'r.test', ...user }, 503, true],
  ] as const)('goes on with %s', async (_name, login, status, push) => {
    const { result, said } = await attempt(login, status, push);
    expect(result).not.toBeInstanceOf(Failure);
    expect(said).toEqual([]);
  });
});
