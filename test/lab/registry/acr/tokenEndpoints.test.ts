import { beforeAll, describe, expect, it } from '@jest/globals';
import { decodeJwt, errors, type JWK } from 'jose';
import type { Asked } from '../../doubles/serve.ts';
import { AcrError } from './AcrError.ts';
import { AcrTokens, type AcrTokensOptions } from './AcrTokens.ts';
import { newSigningKey } from './signingKey.ts';
import { type TokenEndpoints, tokenEndpoints, tokenUser } from './tokenEndpoints.ts';

const service = 'acme.example';
const tenant = '11111111-1111-4111-8111-111111111111';
const principal = { oid: 'object', appid: 'application' };
const scope = 'repository:team/app:pull,push';
const clock = { now: 1_000_000 };
let key: JWK;
let otherKey: JWK;
beforeAll(async () => {
  [key, otherKey] = await Promise.all([newSigningKey(), newSigningKey()]);
});

function tokensOf(options: Partial<AcrTokensOptions> = {}): AcrTokens {
  return new AcrTokens({
    ...{ key, service, tenant, refreshLifetime: 600, accessLifetime: 60 },
    now: () => clock.now,
    ...options,
  });
}

function registry(options: Partial<TokenEndpoints> = {}): TokenEndpoints {
  return {
    ...{ service, tenant, tokens: tokensOf(), mode: 'LegacyRegistryPermissions' },
    verify: (token) =>
      token === 'entra' ? Promise.resolve(principal) : Promise.reject(new errors.JWSInvalid()),
    assignments: [{ principal: '*', role: 'AcrPush' }],
    ...options,
  };
}

function post(path: string, form: Record<string, string> | string, type = formType): Asked {
  return {
    ...{ method: 'POST', path, query: new URLSearchParams(), origin: 'https://acme.example' },
    headers: { 'content-type': type },
    body: Buffer.from(new URLSearchParams(form).toString()),
  };
}
const formType = 'application/x-www-form-urlencoded';

function get(query: Record<string, string>, password?: string): Asked {
  return {
    ...{ method: 'GET', path: '/oauth2/token', origin: 'https://acme.example' },
    query: new URLSearchParams(query),
    headers:
      password === undefined ? {} : { authorization: `Basic ${btoa(`${tokenUser}:${password}`)}` },
    body: Buffer.alloc(0),
  };
}

/** Status and code of the refusal. */
async function refusal(asked: Asked, options: Partial<TokenEndpoints> = {}) {
  const answer = await tokenEndpoints(asked, registry(options)).catch((error: unknown) => {
    if (error instanceof AcrError) return error.answer();
    throw error;
  });
  const { errors } = answer.body as { errors?: { code: string; message: string }[] };
  return `${answer.status} ${errors?.[0]?.code} ${errors?.[0]?.message}`;
}

const unauthorized =
  /^401 UNAUTHORIZED authentication required, visit https:\/\/aka\.ms\/acr\/authorization for more information\. CorrelationId: /;

describe('POST /oauth2/exchange', () => {
  const good = { grant_type: 'access_token', service, tenant, access_token: 'entra' };

  it('gives a refresh token of three hours at most', async () => {
    const { status, body } = await tokenEndpoints(post('/oauth2/exchange', good), registry());
    const { refresh_token: token } = body as { refresh_token: string };
    expect(status).toBe(200);
    expect(decodeJwt(token)).toMatchObject({
      iss: 'Azure Container Registry',
      aud: service,
      sub: 'object',
      tenant,
      grant_type: 'refresh_token',
      exp: clock.now + 600,
    });
  });

  it('needs no tenant: the access token names it', async () => {
    const { tenant: _, ...rest } = good;
    const { status } = await tokenEndpoints(post('/oauth2/exchange', rest), registry());
    expect(status).toBe(200);
  });

  const { grant_type: _g, ...noGrant } = good;
  const { service: _s, ...noService } = good;
  const { access_token: _a, ...noToken } = good;
  const refused: [string, Record<string, string> | string, RegExp][] = [
    ['no grant type', noGrant, /^400 BAD_REQUEST grant_type is missing/],
    ['another grant', { ...good, grant_type: 'password' }, /^400 BAD_REQUEST grant_type password/],
    ['no service', noService, /^400 BAD_REQUEST service is missing/],
    ['another service', { ...good, service: 'other' }, /^400 BAD_REQUEST service other is not/],
    ['no access token', noToken, /^400 BAD_REQUEST access_token is missing/],
    ['an empty access token', { ...good, access_token: '' }, /^400 BAD_REQUEST access_token is/],
    ['an access token that Entra did not sign', { ...good, access_token: 'x' }, unauthorized],
    ['another tenant', { ...good, tenant: 'other' }, unauthorized],
    ['an unknown field', { ...good, scope }, /^400 BAD_REQUEST scope is not known/],
    [
      'a field twice',
      `${new URLSearchParams(good)}&service=${service}`,
      /^400 BAD_REQUEST service is given twice/,
    ],
  ];
  it.each(refused)('refuses %s', async (_, form, expected) => {
    expect(await refusal(post('/oauth2/exchange', form))).toMatch(expected);
  });

  it('refuses JSON', async () => {
    expect(await refusal(post('/oauth2/exchange', good, 'application/json'))).toMatch(
      /^400 BAD_REQUEST content type application\/json is not a form/,
    );
  });

  it('refuses who has no role at all', async () => {
    expect(await refusal(post('/oauth2/exchange', good), { assignments: [] })).toMatch(
      unauthorized,
    );
  });

  it('does not exist for GET', async () => {
    const { status } = await tokenEndpoints(
      { ...post('/oauth2/exchange', good), method: 'GET' },
      registry(),
    );
    expect(status).toBe(404);
  });
});

describe('/oauth2/token', () => {
  const form = async (fields: Record<string, string> = {}) => ({
    grant_type: 'refresh_token',
    service,
    scope,
    refresh_token: await tokensOf().refreshToken(principal),
    ...fields,
  });
  /** What the token allows. */
  async function access(asked: Asked, options: Partial<TokenEndpoints> = {}): Promise<unknown> {
    const { status, body } = await tokenEndpoints(asked, registry(options));
    expect(status).toBe(200);
    const { access_token: token } = body as { access_token: string };
    expect(decodeJwt(token)).toMatchObject({ aud: service, exp: clock.now + 60 });
    return decodeJwt(token).access;
  }
  const all = [{ type: 'repository', name: 'team/app', actions: ['pull', 'push'] }];

  it('takes a refresh token', async () => {
    expect(await access(post('/oauth2/token', await form()))).toEqual(all);
  });

  it('takes it as the password of nobody, as docker sends it', async () => {
    const token = await tokensOf().refreshToken(principal);
    const login = {
      ...{ grant_type: 'password', service, scope, username: tokenUser, password: token },
      ...{ client_id: 'buildkit-client', access_type: 'offline' },
    };
    expect(await access(post('/oauth2/token', login))).toEqual(all);
    expect(await access(get({ service, scope, account: tokenUser }, token))).toEqual(all);
  });

  it('takes several scopes', async () => {
    const two = `${new URLSearchParams(await form())}&scope=repository:base:pull`;
    expect(await access(post('/oauth2/token', two))).toEqual([
      ...all,
      { type: 'repository', name: 'base', actions: ['pull'] },
    ]);
    const spaced = await form({ scope: `${scope} repository:base:pull` });
    expect(await access(post('/oauth2/token', spaced))).toHaveLength(2);
  });

  it('leaves out what is not granted', async () => {
    const pull = [{ type: 'repository', name: 'team/app', actions: ['pull'] }];
    const asked = post('/oauth2/token', await form());
    expect(await access(asked, { assignments: [{ principal: '*', role: 'AcrPull' }] })).toEqual(
      pull,
    );
    expect(await access(asked, { mode: 'AbacRepositoryPermissions' })).toEqual([]);
  });

  it('refuses a refresh token that has expired, from the second of its end', async () => {
    const token = await form();
    const start = clock.now;
    try {
      clock.now = start + 599;
      expect(await refusal(post('/oauth2/token', token))).toMatch(/^200/);
      clock.now = start + 600;
      expect(await refusal(post('/oauth2/token', token))).toMatch(unauthorized);
    } finally {
      clock.now = start;
    }
  });

  const refused: [string, () => Promise<Record<string, string>>, RegExp][] = [
    ['no grant type', () => form({ grant_type: '' }), /^400 BAD_REQUEST grant_type is missing/],
    ['another grant', () => form({ grant_type: 'access_token' }), /^400 BAD_REQUEST grant_type/],
    ['another service', () => form({ service: 'other' }), /^400 BAD_REQUEST service other is not/],
    ['an unknown field', () => form({ tenant }), /^400 BAD_REQUEST tenant is not known/],
    ['what is not a scope', () => form({ scope: 'team/app' }), /^400 BAD_REQUEST scope team\/app/],
    ['what is not a token', () => form({ refresh_token: 'x' }), unauthorized],
    [
      'a token of another key',
      async () =>
        form({ refresh_token: await tokensOf({ key: otherKey }).refreshToken(principal) }),
      unauthorized,
    ],
    [
      'a token of another registry',
      async () =>
        form({ refresh_token: await tokensOf({ service: 'other' }).refreshToken(principal) }),
      unauthorized,
    ],
    [
      'an access token in place of a refresh token',
      async () => form({ refresh_token: await tokensOf().accessToken(principal, []) }),
      unauthorized,
    ],
    [
      'the password of somebody',
      async () => {
        const { refresh_token: password, ...rest } = await form();
        return { ...rest, grant_type: 'password', username: 'somebody', password };
      },
      unauthorized,
    ],
  ];
  it.each(refused)('refuses %s', async (_, fields, expected) => {
    expect(await refusal(post('/oauth2/token', await fields()))).toMatch(expected);
  });

  it('refuses who does not log in', async () => {
    expect(await refusal(get({ service, scope }))).toMatch(unauthorized);
    expect(await refusal(get({ service, scope }, 'wrong'))).toMatch(unauthorized);
  });
});
