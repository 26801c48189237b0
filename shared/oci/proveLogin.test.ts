import { Buffer } from 'node:buffer';
import { describe, expect, it } from '@jest/globals';
import type { HttpRequest, HttpResponse } from '../http/request.ts';
import { proveLogin } from './proveLogin.ts';

const bearer = 'Bearer realm="https://auth.test/token",service="r"';
const alice = { username: 'alice', password: 'pass' };
const jwt = (claims: unknown) => `h.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.s`;
const access = (...actions: string[]) =>
  jwt({ access: [{ type: 'repository', name: 'web', actions }] });

function answer(status: number, body: unknown = {}, challenge?: string): HttpResponse {
  return {
    status,
    headers: challenge === undefined ? {} : { 'www-authenticate': challenge },
    body: Buffer.from(JSON.stringify(body)),
  };
}

/** A registry that answers in this order. */
function registry(...answers: HttpResponse[]) {
  const asked: HttpRequest[] = [];
  const masked: string[] = [];
  const http = async (request: HttpRequest) => {
    asked.push(request);
    const next = answers.shift();
    if (next === undefined) throw new Error('It was asked too often.');
    return next;
  };
  return { asked, masked, effects: { http, mask: (secret: string) => void masked.push(secret) } };
}

describe('proveLogin', () => {
  it.each<[string, HttpResponse[], unknown]>([
    [
      'a token that grants a push',
      [answer(401, {}, bearer), answer(200, { token: access('pull', 'push') })],
      { verdict: 'accepted', mayPush: true },
    ],
    [
      'a token that grants less',
      [answer(401, {}, bearer), answer(200, { access_token: access('pull') })],
      { verdict: 'accepted', mayPush: false },
    ],
    [
      'a token that grants nothing',
      [answer(401, {}, bearer), answer(200, { access_token: jwt({ access: [] }) })],
      { verdict: 'accepted', mayPush: false },
    ],
    [
      'a token that does not tell',
      [answer(401, {}, bearer), answer(200, { token: 'opaque' })],
      { verdict: 'accepted', mayPush: undefined },
    ],
    [
      'no token',
      [answer(401, {}, bearer), answer(401, 'no')],
      { verdict: 'refused', status: 401, said: '"no"' },
    ],
    ['a token server that is away', [answer(401, {}, bearer), answer(503)], { verdict: 'unknown' }],
    ['no login at all', [answer(200)], { verdict: 'unknown' }],
    [
      'a password that is taken',
      [answer(401, {}, 'Basic realm="r"'), answer(200)],
      { verdict: 'accepted', mayPush: undefined },
    ],
    [
      'a password that is not taken',
      [answer(401, {}, 'Basic realm="r"'), answer(401, 'no')],
      { verdict: 'refused', status: 401, said: '"no"' },
    ],
  ])('%s', async (_name, answers, expected) => {
    const { effects } = registry(...answers);
    expect(await proveLogin('r.test', 'web', alice, effects)).toEqual(expected);
  });

  it.each<[string, HttpResponse[], unknown]>([
    ['takes a push from everybody', [answer(200)], { verdict: 'unknown' }],
    [
      'gives everybody a token to push',
      [answer(401, {}, bearer), answer(200, { token: access('pull', 'push') })],
      { verdict: 'accepted', mayPush: true },
    ],
    [
      'gives everybody a token to read',
      [answer(401, {}, bearer), answer(200, { token: access('pull') })],
      { verdict: 'accepted', mayPush: false },
    ],
    [
      'gives nobody a token',
      [answer(401, {}, bearer), answer(401, 'no')],
      { verdict: 'refused', status: 401, said: '"no"' },
    ],
    [
      'wants a password',
      [answer(401, 'no', 'Basic realm="r"')],
      { verdict: 'refused', status: 401, said: '"no"' },
    ],
    ['is not there', [], { verdict: 'unknown' }],
  ])('without a login of one that %s', async (_name, answers, expected) => {
    const { effects, asked } = registry(...answers);
    expect(await proveLogin('r.test', 'web', undefined, effects)).toEqual(expected);
    expect(asked.every(({ headers }) => headers === undefined)).toBe(true);
  });

  it('asks for the right to push, and masks the token', async () => {
    const { effects, asked, masked } = registry(
      answer(401, {}, bearer),
      answer(200, { token: 't' }),
    );
    await proveLogin('docker.io', 'library/web', alice, effects);
    expect(asked.map(({ url }) => url)).toEqual([
      'https://registry-1.docker.io/v2/',
      'https://auth.test/token?service=r&scope=repository%3Alibrary%2Fweb%3Apull%2Cpush',
    ]);
    expect(masked).toEqual(['t']);
  });

  it('sends an identity token in the body', async () => {
    const { effects, asked } = registry(answer(401, {}, bearer), answer(200, { token: 't' }));
    await proveLogin('r.test', 'web', { identityToken: 'refresh' }, effects);
    expect(asked[1]?.url).toBe('https://auth.test/token');
    expect(asked[1]?.body).toContain('refresh_token=refresh');
  });
});
