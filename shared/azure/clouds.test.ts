import { describe, expect, it } from '@jest/globals';
import { cloudOfRegistry, clouds, withAuthority } from './clouds.ts';

describe('cloudOfRegistry', () => {
  it.each([
    ['acme.azurecr.io', 'public'],
    ['ACME.azurecr.io:443', 'public'],
    ['acme-a1b2c3.azurecr.io', 'public'],
    ['acme.eastus.data.azurecr.io', 'public'],
    ['acme.azurecr.cn', 'china'],
    ['acme.azurecr.us', 'usgovernment'],
    ['azurecr.io', undefined],
    ['acme.azurecr.io.evil.test', undefined],
    ['ghcr.io', undefined],
  ])('%s is of %s', (host, name) => {
    expect(cloudOfRegistry(host)?.name).toBe(name);
  });
});

describe('withAuthority', () => {
  it.each([
    [undefined, 'https://login.microsoftonline.com'],
    ['', 'https://login.microsoftonline.com'],
    ['https://login.microsoftonline.us/', 'https://login.microsoftonline.us'],
    ['login.example.test', 'https://login.example.test'],
    ['http://127.0.0.1:8080', 'http://127.0.0.1:8080'],
  ])('%s', (host, authority) => {
    expect(withAuthority(clouds.public, host).authority).toBe(authority);
  });

  it.each(['http://login.example.test', 'https://'])('refuses %s', (host) => {
    expect(() => withAuthority(clouds.public, host)).toThrow(SyntaxError);
  });
});
