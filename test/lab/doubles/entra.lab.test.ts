import { ClientAssertionCredential, ClientSecretCredential } from '@azure/identity';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createRemoteJWKSet, type JWTPayload, jwtVerify } from 'jose';
import { throwAwayCertificate } from '../throwAwayCertificate.ts';
import { type Entra, startEntra } from './entra.ts';
import { type Oidc, startOidc } from './oidc.ts';

const tenant = '11111111-1111-4111-8111-111111111111';
const client = '22222222-2222-4222-8222-222222222222';
const unfederated = '33333333-3333-4333-8333-333333333333';
const audience = 'api://AzureADTokenExchange';
const scope = 'https://containerregistry.azure.net/.default';

let oidc: Oidc;
let stranger: Oidc;
let entra: Entra;
const tenants = () => [
  {
    id: tenant,
    apps: [
      {
        clientId: client,
        federatedCredentials: [
          { issuer: oidc.issuer, subject: 'repo:acme/web:ref:refs/heads/main', audience },
        ],
        secrets: [{ value: 'right' }, { value: 'old', expired: true }],
      },
      { clientId: unfederated },
    ],
  },
];
beforeAll(async () => {
  oidc = await startOidc();
  stranger = await startOidc();
  entra = await startEntra({ tenants: tenants() });
});
afterAll(async () => {
  await Promise.all([oidc, stranger, entra].map((double) => double[Symbol.asyncDispose]()));
});

interface Refusal {
  readonly error: string;
  readonly error_description: string;
  readonly error_codes: readonly number[];
}

/** Asks as a client of our own would; `undefined` leaves a parameter out. */
async function ask(form: Record<string, string | undefined>, headers: Record<string, string> = {}) {
  const given = { grant_type: 'client_credentials', client_id: client, scope, ...form };
  const body = new URLSearchParams();
  for (const [name, value] of Object.entries(given)) if (value !== undefined) body.set(name, value);
  const response = await fetch(`${entra.url}/${form.tenant ?? tenant}/oauth2/v2.0/token`, {
    method: 'POST',
    body,
    headers,
  });
  return { status: response.status, body: (await response.json()) as Refusal & JWTPayload };
}

const withAssertion = (client_assertion: string) => ({
  client_assertion,
  client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
});

describe("the Entra double, by Azure's own client", () => {
  it('gives an access token for a federated one', async () => {
    const tls = await throwAwayCertificate(['127.0.0.1', 'localhost']);
    await using secure = await startEntra({ tenants: tenants(), tls });
    const credential = new ClientAssertionCredential(tenant, client, () => oidc.mint(audience), {
      authorityHost: secure.url,
      disableInstanceDiscovery: true,
      tlsOptions: { ca: tls.ca },
    });
    const { token, expiresOnTimestamp } = await credential.getToken(scope);
    expect(expiresOnTimestamp).toBeGreaterThan(Date.now() + 3_500_000);
    expect(secure.issued).toMatchObject([
      { aud: 'https://containerregistry.azure.net', appid: client, tid: tenant },
    ]);
    expect(token.split('.')).toHaveLength(3);
  });

  it('refuses, and the client understands why', async () => {
    const tls = await throwAwayCertificate(['127.0.0.1', 'localhost']);
    await using secure = await startEntra({ tenants: tenants(), tls });
    const options = {
      authorityHost: secure.url,
      disableInstanceDiscovery: true,
      tlsOptions: { ca: tls.ca },
    };
    const sub = 'repo:acme/web:pull_request';
    const failing = [
      new ClientAssertionCredential(tenant, client, () => oidc.mint(audience, { sub }), options),
      new ClientSecretCredential(tenant, client, 'wrong', options),
    ].map((credential) => credential.getToken(scope).catch((error: unknown) => error));
    const [subject, secret] = await Promise.all(failing);
    expect(String(subject)).toContain('AADSTS700213');
    expect(String(subject)).toContain(`'${sub}'`);
    expect(String(secret)).toContain('AADSTS7000215');
  });
});

describe('the Entra double', () => {
  it('signs tokens with the keys that it shows', async () => {
    const answer = await ask({ client_secret: 'right' });
    expect(answer).toMatchObject({ status: 200, body: { token_type: 'Bearer', expires_in: 3599 } });
    const keys = createRemoteJWKSet(new URL(`${entra.url}/${tenant}/discovery/v2.0/keys`));
    const { payload } = await jwtVerify(String(answer.body.access_token), keys, {
      audience: 'https://containerregistry.azure.net',
      issuer: `${entra.url}/${tenant}/`,
    });
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(3599);
    expect(payload).toMatchObject({ appid: client, idtyp: 'app', tid: tenant });
  });

  it('refuses in the shape that Entra has', async () => {
    const answer = await ask({ client_secret: 'wrong' }, { 'client-request-id': 'ours' });
    expect(answer).toEqual({
      status: 401,
      body: {
        error: 'invalid_client',
        error_description: expect.stringMatching(
          /^AADSTS7000215: Invalid client secret provided\..* Trace ID: [\w-]+ Correlation ID: ours Timestamp: \d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ$/,
        ),
        error_codes: [7000215],
        timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ$/),
        trace_id: expect.any(String),
        correlation_id: 'ours',
        error_uri: 'https://login.microsoftonline.com/error?code=7000215',
      },
    });
  });

  it.each<[string, () => Promise<Record<string, string | undefined>>, number, string, number]>([
    [
      'an assertion that has expired',
      async () => withAssertion(await oidc.mint(audience, { exp: 1000 })),
      401,
      'invalid_client',
      700024,
    ],
    [
      'another subject',
      async () =>
        withAssertion(await oidc.mint(audience, { sub: 'repo:acme/Web:ref:refs/heads/main' })),
      401,
      'invalid_client',
      700213,
    ],
    [
      'another audience',
      async () => withAssertion(await oidc.mint('https://github.com/acme')),
      401,
      'invalid_client',
      700212,
    ],
    [
      'another issuer',
      async () => withAssertion(await stranger.mint(audience)),
      401,
      'invalid_client',
      700211,
    ],
    [
      'an assertion that its issuer has not signed',
      async () => withAssertion(await stranger.mint(audience, { iss: oidc.issuer })),
      401,
      'invalid_client',
      700027,
    ],
    [
      'an assertion that is none',
      async () => withAssertion('not-a-token'),
      400,
      'invalid_request',
      50027,
    ],
    [
      'an assertion without its type',
      async () => ({ client_assertion: await oidc.mint(audience) }),
      400,
      'invalid_request',
      900144,
    ],
    [
      'an app without federated credentials',
      async () => ({ ...withAssertion(await oidc.mint(audience)), client_id: unfederated }),
      401,
      'invalid_client',
      70025,
    ],
    ['an expired secret', async () => ({ client_secret: 'old' }), 401, 'invalid_client', 7000222],
    ['no credential', async () => ({}), 401, 'invalid_client', 7000216],
    [
      'an unknown app',
      async () => ({ client_id: 'nobody', client_secret: 'right' }),
      400,
      'unauthorized_client',
      700016,
    ],
    [
      'an unknown tenant',
      async () => ({ tenant: 'nowhere', client_secret: 'right' }),
      400,
      'invalid_request',
      90002,
    ],
    [
      'a scope of single rights',
      async () => ({ scope: 'https://management.azure.com/user_impersonation' }),
      400,
      'invalid_scope',
      1002012,
    ],
    [
      'a resource that is not there',
      async () => ({ scope: 'https://nothing.example/.default', client_secret: 'right' }),
      400,
      'invalid_resource',
      500011,
    ],
    ['no scope', async () => ({ scope: undefined }), 400, 'invalid_request', 900144],
    [
      'another grant',
      async () => ({ grant_type: 'password' }),
      400,
      'unsupported_grant_type',
      70003,
    ],
  ])('refuses %s', async (_name, form, status, error, code) => {
    const given = entra.issued.length;
    const answer = await ask(await form());
    expect(answer).toMatchObject({ status, body: { error, error_codes: [code] } });
    expect(answer.body.error_description).toContain(`AADSTS${code}: `);
    expect(entra.issued).toHaveLength(given);
  });

  it('does not read a form that is not declared as one', async () => {
    const response = await fetch(`${entra.url}/${tenant}/oauth2/v2.0/token`, {
      method: 'POST',
      body: 'grant_type=client_credentials',
      headers: { 'content-type': 'text/plain' },
    });
    expect(await response.json()).toMatchObject({ error_codes: [900144] });
  });
});
