import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { run } from '../process/run.ts';
import type { Keychain } from './answerHelper.ts';
import { credentialHelper } from './credentialHelper.ts';
import { type OwnDockerConfig, ownDockerConfig } from './ownDockerConfig.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'own-docker-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const keychain: Keychain = {
  credentialFor: async (registry) =>
    registry === 'r.test' ? { username: 'alice', password: 'hidden-password' } : undefined,
  registries: async () => ['r.test'],
};

/** A runner's own configuration, with a login, a context, a plug-in and a builder. */
function original(): string {
  const home = join(folder, 'original');
  for (const path of ['contexts/meta', 'cli-plugins', 'buildx/instances']) {
    mkdirSync(join(home, path), { recursive: true });
  }
  writeFileSync(join(home, 'cli-plugins', 'docker-buildx'), '#!/bin/sh\n');
  writeFileSync(
    join(home, 'config.json'),
    JSON.stringify({
      auths: { 'other.test': { auth: 'aGlkZGVuLWF1dGg6eA==' } },
      credHelpers: { 'third.test': 'third' },
      credsStore: 'desktop',
      currentContext: 'remote',
      proxies: { default: { httpProxy: 'http://proxy.test:3128' } },
    }),
  );
  return home;
}

/** Runs the helper as docker does: by its name, found on the PATH. */
async function ask({ env }: OwnDockerConfig, action: string, input = '') {
  const { exitCode, stdout } = await run({
    program: 'docker-credential-platform-actions',
    args: [action],
    input,
    env: { PATH: env.PATH },
    stdout: 'machine',
  });
  return { exitCode, stdout };
}

const path = { PATH: process.env.PATH };
const filesBelow = (place: string) =>
  readdirSync(place, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'));

describe('ownDockerConfig', () => {
  it('keeps what is not a login, by reference, and writes no login at all', async () => {
    const home = original();
    const before = filesBelow(home);
    await using own = await ownDockerConfig(folder, { ...path, DOCKER_CONFIG: home }, keychain);
    const { DOCKER_CONFIG, BUILDX_CONFIG } = own.env;
    expect(JSON.parse(readFileSync(join(DOCKER_CONFIG, 'config.json'), 'utf8'))).toEqual({
      auths: {},
      credsStore: 'platform-actions',
      currentContext: 'remote',
      proxies: { default: { httpProxy: 'http://proxy.test:3128' } },
    });
    expect(existsSync(join(DOCKER_CONFIG, 'contexts/meta'))).toBe(true);
    expect(existsSync(join(DOCKER_CONFIG, 'cli-plugins/docker-buildx'))).toBe(true);
    expect(BUILDX_CONFIG).toBe(join(home, 'buildx'));
    expect(statSync(join(DOCKER_CONFIG, '..')).mode & 0o077).toBe(0);
    await ask(own, 'get', 'r.test');
    expect(filesBelow(join(DOCKER_CONFIG, '..')).join()).not.toMatch(/hidden-password|aGlkZGVu/);
    expect(filesBelow(home)).toEqual(before);
  });

  it('its helper asks the step', async () => {
    await using own = await ownDockerConfig(folder, { ...path, HOME: folder }, keychain);
    const got = await ask(own, 'get', 'r.test\n');
    expect(JSON.parse(got.stdout)).toEqual({
      ServerURL: 'r.test',
      Username: 'alice',
      Secret: 'hidden-password',
    });
    expect(await ask(own, 'get', 'unknown.test')).toEqual({
      exitCode: 1,
      stdout: 'credentials not found in native keychain',
    });
    expect(await ask(own, 'list')).toEqual({ exitCode: 0, stdout: '{"r.test":""}' });
  });

  it('leaves a builder where the environment says', async () => {
    const env = { ...path, HOME: folder, BUILDX_CONFIG: '/elsewhere' };
    await using own = await ownDockerConfig(folder, env, keychain);
    expect(own.env.BUILDX_CONFIG).toBe('/elsewhere');
  });

  it('works below a folder whose path is too long for a socket', async () => {
    const deep = join(folder, 'a'.repeat(60), 'b'.repeat(60));
    mkdirSync(deep, { recursive: true });
    await using own = await ownDockerConfig(deep, { ...path, HOME: folder }, keychain);
    expect((await ask(own, 'get', 'r.test')).exitCode).toBe(0);
  });

  it('is gone afterwards, and its helper says so', async () => {
    const own = await ownDockerConfig(folder, { ...path, HOME: folder }, keychain);
    const helper = join(own.env.DOCKER_CONFIG, '../bin/docker-credential-platform-actions');
    const kept = join(folder, 'docker-credential-platform-actions');
    writeFileSync(kept, readFileSync(helper), { mode: 0o700 });
    await own[Symbol.asyncDispose]();
    expect(existsSync(own.env.DOCKER_CONFIG)).toBe(false);
    const env = { ...own.env, PATH: `${folder}:${process.env.PATH}` };
    expect(await ask({ ...own, env }, 'get', 'r.test')).toEqual({
      exitCode: 1,
      stdout: 'The step that logged in has ended.',
    });
  });
});

describe('credentialHelper', () => {
  it('is run by a Node whose path has blanks and quotes, below a package of modules', async () => {
    const odd = join(folder, "it's a runner");
    mkdirSync(odd);
    symlinkSync(process.execPath, join(odd, 'node'));
    writeFileSync(join(odd, 'package.json'), '{"type":"module"}');
    const helper = join(odd, 'docker-credential-x');
    writeFileSync(helper, credentialHelper(join(odd, 'node'), join(odd, 's')), { mode: 0o700 });
    const { exitCode, stdout, stderr } = await run({ program: helper, args: ['list'], env: {} });
    expect({ exitCode, stdout, stderr }).toEqual({
      exitCode: 1,
      stdout: 'The step that logged in has ended.',
      stderr: '',
    });
  });
});
