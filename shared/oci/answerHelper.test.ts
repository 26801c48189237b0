import { describe, expect, it } from '@jest/globals';
import { answerHelper, registryOf } from './answerHelper.ts';
import type { Credential } from './credentials.ts';

const known: Readonly<Record<string, Credential>> = {
  'r.test:5000': { username: 'alice', password: 'pass' },
  'docker.io': { identityToken: 'token' },
};
const keychain = {
  credentialFor: async (registry: string) => {
    if (registry === 'refused.test') throw new Error('Entra\nsays no.');
    return known[registry];
  },
  registries: async () => Object.keys(known),
};

describe('answerHelper', () => {
  it.each<[string, string, 0 | 1, unknown]>([
    ['get', 'r.test:5000\n', 0, { ServerURL: 'r.test:5000', Username: 'alice', Secret: 'pass' }],
    [
      'get',
      'https://index.docker.io/v1/',
      0,
      { ServerURL: 'https://index.docker.io/v1/', Username: '<token>', Secret: 'token' },
    ],
    ['get', 'unknown.test', 1, 'credentials not found in native keychain'],
    ['get', 'refused.test', 1, 'Entra says no.'],
    ['list', '', 0, { 'r.test:5000': '', 'docker.io': '' }],
    ['store', '{}', 1, 'The login of this step can be neither changed nor removed.'],
    ['erase', 'r.test:5000', 1, 'The login of this step can be neither changed nor removed.'],
  ])('%s %j', async (action, input, exitCode, said) => {
    const reply = await answerHelper({ action, input }, keychain);
    expect(reply.exitCode).toBe(exitCode);
    expect(exitCode === 0 ? JSON.parse(reply.stdout) : reply.stdout).toEqual(said);
  });
});

describe('registryOf', () => {
  it.each([
    ['https://index.docker.io/v1/', 'docker.io'],
    ['registry-1.docker.io', 'docker.io'],
    ['https://ghcr.io/v2/', 'ghcr.io'],
    ['localhost:5000', 'localhost:5000'],
  ])('%s', (server, registry) => {
    expect(registryOf(server)).toBe(registry);
  });
});
