import { Buffer } from 'node:buffer';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Failure } from '../failure/Failure.ts';
import type { Outcome } from '../process/run.ts';
import { credentialFor } from './credentials.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'docker-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const auth = Buffer.from('alice:pa:ss').toString('base64');
const alice = { username: 'alice', password: 'pa:ss' };

describe('credentialFor', () => {
  it.each([
    ['a stored login', { auths: { 'r.test:1': { auth } } }, 'r.test:1', alice],
    ['Docker Hub', { auths: { 'https://index.docker.io/v1/': { auth } } }, 'docker.io', alice],
    [
      'an identity token',
      { auths: { 'r.test': { identitytoken: 'x' } } },
      'r.test',
      { identityToken: 'x' },
    ],
    ['a login to an address', { auths: { 'https://r.test/v2/': { auth } } }, 'r.test', alice],
    ['another registry', { auths: { 'r.test': { auth } } }, 'other.test', undefined],
    ['an empty configuration', {}, 'r.test', undefined],
  ])('%s', async (_name, config, registry, expected) => {
    writeFileSync(join(folder, 'config.json'), JSON.stringify(config));
    expect(await credentialFor(registry, { DOCKER_CONFIG: folder })).toEqual(expected);
  });

  it('is nothing where there is no configuration', async () => {
    expect(await credentialFor('r.test', { DOCKER_CONFIG: join(folder, 'none') })).toBeUndefined();
  });

  it.each([
    ['takes a login from the variable first', { auths: { 'r.test': { auth } } }, alice],
    ['goes on without a variable that is not JSON', '{', { identityToken: 'x' }],
    ['goes on without a variable that is empty', {}, { identityToken: 'x' }],
  ])('%s', async (_name, variable, expected) => {
    const stored = { auths: { 'r.test': { identitytoken: 'x' } } };
    writeFileSync(join(folder, 'config.json'), JSON.stringify(stored));
    const text = typeof variable === 'string' ? variable : JSON.stringify(variable);
    const env = { DOCKER_CONFIG: folder, DOCKER_AUTH_CONFIG: text };
    expect(await credentialFor('r.test', env)).toEqual(expected);
  });

  it('asks the credential helper, by standard input', async () => {
    writeFileSync(
      join(folder, 'config.json'),
      JSON.stringify({ credHelpers: { 'r.test': 'acr' } }),
    );
    const asked: unknown[] = [];
    const found = await credentialFor('r.test', { DOCKER_CONFIG: folder }, async (command) => {
      asked.push([command.program, command.args, command.input]);
      return { exitCode: 0, stdout: '{"Username":"<token>","Secret":"t"}' } as Outcome;
    });
    expect(found).toEqual({ identityToken: 't' });
    expect(asked).toEqual([['docker-credential-acr', ['get'], 'r.test']]);
  });

  it.each(['Stored login is s3cret', '', 'null', '[]', '{"Username":1,"Secret":"s3cret"}'])(
    'tells of a helper that answers %j, and quotes nothing',
    async (stdout) => {
      writeFileSync(join(folder, 'config.json'), JSON.stringify({ credsStore: 'acr' }));
      const asked = credentialFor('r.test', { DOCKER_CONFIG: folder }, async () => {
        return { exitCode: 0, stdout } as Outcome;
      });
      const failure = await asked.catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(Failure);
      expect((failure as Failure).what).toContain('docker-credential-acr gave no answer');
      expect(JSON.stringify(failure)).not.toContain('s3cret');
    },
  );

  it.each(['{', 'null', '[]'])('says that the configuration is not JSON: %s', async (text) => {
    writeFileSync(join(folder, 'config.json'), text);
    await expect(credentialFor('r.test', { DOCKER_CONFIG: folder })).rejects.toThrow('is not JSON');
  });
});
