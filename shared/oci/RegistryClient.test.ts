import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { Failure } from '../failure/Failure.ts';
import type { Http, HttpRequest, HttpResponse } from '../http/request.ts';
import type { Credential } from './credentials.ts';
import { parseReference } from './Reference.ts';
import { RegistryClient } from './RegistryClient.ts';
import { resolveDigest } from './resolveDigest.ts';

const manifest = Buffer.from('{"schemaVersion":2}');
const digest = `sha256:${createHash('sha256').update(manifest).digest('hex')}`;

function answer(status: number, body: string | Buffer, headers = {}): HttpResponse {
  return { status, headers, body: Buffer.from(body) };
}

/** A registry that wants a token for exactly one scope, and gives it to alice or to her refresh token. */
const registry: Http = async ({ url, headers = {}, body }: HttpRequest) => {
  const { origin, pathname, searchParams } = new URL(url);
  if (origin === 'https://auth.test') {
    const form = new URLSearchParams(String(body));
    const scope = searchParams.get('scope') ?? form.get('scope');
    const basic = `Basic ${Buffer.from('alice:pa:ss').toString('base64')}`;
    const known = headers.authorization === basic || form.get('refresh_token') === 'refresh';
    if (!known) return answer(401, '{"errors":[{"code":"UNAUTHORIZED"}]}');
    return answer(200, JSON.stringify({ access_token: `token for ${scope}` }));
  }
  if (headers.authorization !== 'Bearer token for repository:team/web:pull') {
    return answer(401, '{}', {
      'www-authenticate': 'Bearer realm="https://auth.test/token",service="r.test"',
    });
  }
  if (!/^\/v2\/team\/web\/manifests\/(1|sha256:.*)$/.test(pathname)) {
    return answer(404, '{"errors":[{"code":"MANIFEST_UNKNOWN"}]}');
  }
  return answer(200, manifest, { 'content-type': 'application/vnd.oci.image.manifest.v1+json' });
};

function client(credential: Credential | undefined, masked: string[] = []) {
  return new RegistryClient({
    http: registry,
    credentialFor: async () => credential,
    mask: (secret) => masked.push(secret),
  });
}
const alice = { username: 'alice', password: 'pa:ss' };

describe('RegistryClient', () => {
  it.each([
    ['user and password', alice],
    ['an identity token', { identityToken: 'refresh' }],
  ])('answers the challenge with %s and masks the token', async (_name, credential) => {
    const masked: string[] = [];
    const found = await resolveDigest(
      parseReference('r.test/team/web:1'),
      client(credential, masked),
    );
    expect(found).toEqual({ registry: 'r.test', repository: 'team/web', digest });
    expect(masked).toEqual(['token for repository:team/web:pull']);
  });

  it.each([
    [
      'no login',
      'r.test/team/web:1',
      undefined,
      'wants a login to read team/web. No credential is known here.',
    ],
    [
      'a wrong password',
      'r.test/team/web:1',
      { username: 'alice', password: 'x' },
      'wants a login',
    ],
    ['an unknown tag', 'r.test/team/web:2', alice, 'r.test/team/web:2 does not exist.'],
    [
      'content that is not what the digest names',
      `r.test/team/web@sha256:${'0'.repeat(64)}`,
      alice,
      'r.test sent another content',
    ],
  ])('tells of %s', async (_name, reference, credential, message) => {
    await expect(client(credential).manifest(parseReference(reference))).rejects.toThrow(message);
  });

  it.each<[string, string, HttpResponse, string]>([
    [
      'a page in place of a token',
      'https://auth.test/token',
      answer(200, '<html>Sign in</html>', { 'content-type': 'text/html' }),
      'answered by something else than a registry. What came is no JSON but text/html.',
    ],
    ['JSON without a token', 'https://auth.test/token', answer(200, '{}'), 'wants a login'],
    ['null', 'https://auth.test/token', answer(200, 'null'), 'wants a login'],
    ['a token that is none', 'https://auth.test/token', answer(200, '{"token":1}'), 'wants a'],
    [
      'a realm that is no address',
      '/token',
      answer(200, '{}'),
      'r.test names no address for its login. It says realm="/token".',
    ],
    ['a realm of another kind', 'file:///etc/x', answer(200, '{}'), 'r.test names no address'],
  ])('tells of %s, with and without a refresh token', async (_name, realm, token, message) => {
    const http: Http = async ({ url }) =>
      url.startsWith('https://r.test/')
        ? answer(401, '{}', { 'www-authenticate': `Bearer realm="${realm}",service="r.test"` })
        : token;
    for (const credential of [alice, { identityToken: 'refresh' }]) {
      const asked = new RegistryClient({ http, credentialFor: async () => credential }).manifest(
        parseReference('r.test/team/web:1'),
      );
      const failure = await asked.catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(Failure);
      expect((failure as Failure).message).toContain(message);
    }
  });

  it('tells of a digest that is none', async () => {
    const http: Http = async () => answer(200, '', { 'docker-content-digest': 'none' });
    const asked = new RegistryClient({ http, credentialFor: async () => undefined });
    await expect(asked.digest(parseReference('r.test/team/web:1'))).rejects.toThrow(
      'r.test gave no digest of r.test/team/web:1 that can be read. It says "none".',
    );
  });
});
