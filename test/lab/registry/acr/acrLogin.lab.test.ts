import { ClientAssertionCredential } from '@azure/identity';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createLocalJWKSet } from 'jose';
import { type Http, httpClient } from '../../../../shared/http/request.ts';
import { silent } from '../../../../shared/log/Log.ts';
import { parseReference } from '../../../../shared/oci/Reference.ts';
import { RegistryClient } from '../../../../shared/oci/RegistryClient.ts';
import { addresses } from '../../addresses.ts';
import { type Entra, startEntra } from '../../doubles/entra.ts';
import { labIdentity } from '../../doubles/labDoubles.ts';
import { type Oidc, startOidc } from '../../doubles/oidc.ts';
import type { Served } from '../../doubles/serve.ts';
import { labContext } from '../../lab.ts';
import { throwAwayCertificate } from '../../throwAwayCertificate.ts';
import { digestOf } from '../pushContent.ts';
import { newSigningKey } from './signingKey.ts';
import type { Acr, AcrOptions } from './startAcr.ts';
import { startTestAcr } from './startTestAcr.ts';
import { tokenUser } from './tokenEndpoints.ts';
import { verifyEntraToken } from './verifyEntraToken.ts';

const { tenant, client: clientId } = labIdentity;
const audience = 'api://AzureADTokenExchange';
const repository = `acr-login/${Date.now().toString(36)}`;
const service = addresses.acr;

let tls: Awaited<ReturnType<typeof throwAwayCertificate>>;
let oidc: Oidc & Served;
let entra: Entra & Served;
let http: Http;

beforeAll(async () => {
  tls = await throwAwayCertificate(['localhost', '127.0.0.1']);
  oidc = await startOidc();
  const federatedCredentials = [
    { issuer: oidc.issuer, subject: 'repo:acme/web:ref:refs/heads/main', audience },
  ];
  entra = await startEntra({
    tenants: [{ id: tenant, apps: [{ clientId, objectId: 'object', federatedCredentials }] }],
    tls,
  });
  http = httpClient({ env: {}, log: silent, ca: tls.ca });
});
afterAll(() => Promise.all([oidc[Symbol.asyncDispose](), entra[Symbol.asyncDispose]()]));

async function open(options: Partial<AcrOptions> = {}): Promise<Acr> {
  const keys = await http({ url: `${entra.url}/${tenant}/discovery/v2.0/keys` });
  return startTestAcr(labContext(silent), {
    // Entra's certificate is one that this process does not trust.
    verify: verifyEntraToken({
      ...{ entra: entra.url, tenant },
      keys: createLocalJWKSet(JSON.parse(keys.body.toString())),
    }),
    ...{ tls, ports: [0] },
    ...options,
  });
}

interface Answer {
  readonly status: number;
  readonly challenge: string;
  readonly location: string;
  readonly body: {
    readonly access_token?: string;
    readonly refresh_token?: string;
    readonly errors?: readonly { code: string; message: string; detail?: unknown }[];
  };
}

async function ask(
  url: string,
  request: { method?: 'GET' | 'POST' | 'PUT'; form?: Record<string, string>; token?: string } = {},
  content?: { body: Buffer; type: string },
): Promise<Answer> {
  const form = request.form && new URLSearchParams(request.form).toString();
  const body = form ?? content?.body;
  const type = form ? 'application/x-www-form-urlencoded' : content?.type;
  const { status, headers, ...rest } = await http({
    url,
    method: request.method ?? (form ? 'POST' : 'GET'),
    headers: {
      ...(type && { 'content-type': type }),
      ...(request.token && { authorization: `Bearer ${request.token}` }),
    },
    ...(body && { body }),
  });
  const text = rest.body.toString();
  return {
    status,
    challenge: String(headers['www-authenticate'] ?? ''),
    location: String(headers.location ?? ''),
    body: text.startsWith('{') ? JSON.parse(text) : {},
  };
}

/** Steps 1 to 4 of a login without a secret, by Azure's own client. */
async function login(acr: Acr): Promise<Answer> {
  const credential = new ClientAssertionCredential(tenant, clientId, () => oidc.mint(audience), {
    authorityHost: entra.url,
    disableInstanceDiscovery: true,
    tlsOptions: { ca: tls.ca },
  });
  const { token } = await credential.getToken('https://containerregistry.azure.net/.default');
  return ask(`https://${acr.host}/oauth2/exchange`, {
    form: { grant_type: 'access_token', service, tenant, access_token: token },
  });
}

async function accessToken(acr: Acr, scope: string, refreshToken?: string): Promise<string> {
  const refresh = refreshToken ?? (await login(acr)).body.refresh_token ?? '';
  const { body } = await ask(`https://${acr.host}/oauth2/token`, {
    form: { grant_type: 'refresh_token', service, scope, refresh_token: refresh },
  });
  return body.access_token ?? '';
}

const uploads = (acr: Acr) => `https://${acr.host}/v2/${repository}/blobs/uploads/`;

async function pushBlob(acr: Acr, token: string, content: Buffer): Promise<string> {
  const digest = digestOf(content);
  const begun = await ask(uploads(acr), { method: 'POST', token });
  const url = new URL(begun.location);
  expect(url.host).toBe(acr.host);
  url.searchParams.set('digest', digest);
  const type = 'application/octet-stream';
  const { status } = await ask(url.href, { method: 'PUT', token }, { body: content, type });
  expect(status).toBe(201);
  return digest;
}

describe('the registry that plays ACR', () => {
  it('names its token endpoint and its service', async () => {
    await using acr = await open();
    expect(await ask(`https://${acr.host}/v2/`)).toMatchObject({
      status: 401,
      challenge: `Bearer realm="https://${acr.host}/oauth2/token",service="${service}"`,
      body: {
        errors: [
          {
            code: 'UNAUTHORIZED',
            message:
              'authentication required, visit https://aka.ms/acr/authorization for more information.',
          },
        ],
      },
    });
  });

  it("lets a job push and pull, from the job's own token on", async () => {
    await using acr = await open();
    const loggedIn = await login(acr);
    expect(loggedIn.status).toBe(200);
    const refresh = loggedIn.body.refresh_token ?? '';
    const token = await accessToken(acr, `repository:${repository}:pull,push`, refresh);
    const config = await pushBlob(acr, token, Buffer.from('{}'));
    const type = 'application/vnd.oci.image.manifest.v1+json';
    const manifest = Buffer.from(
      JSON.stringify({
        ...{ schemaVersion: 2, mediaType: type, layers: [] },
        config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest: config, size: 2 },
      }),
    );
    const url = `https://${acr.host}/v2/${repository}/manifests/1`;
    const pushed = await ask(url, { method: 'PUT', token }, { body: manifest, type });
    expect(pushed.status).toBe(201);

    const client = new RegistryClient({
      http,
      credentialFor: () => Promise.resolve({ username: tokenUser, password: refresh }),
    });
    const pulled = await client.manifest(parseReference(`${acr.host}/${repository}:1`));
    expect(pulled.digest).toBe(digestOf(manifest));
  });

  it('refuses a job that Entra does not know, before the registry is asked', async () => {
    await using acr = await open({ assignments: [{ principal: 'other', role: 'AcrPush' }] });
    expect(await login(acr)).toMatchObject({
      status: 401,
      body: { errors: [{ code: 'UNAUTHORIZED' }] },
    });
  });

  const push = 'repository:REPOSITORY:pull,push';
  const denied: Record<string, [Partial<AcrOptions>, string]> = {
    'what was not asked for': [{}, 'repository:REPOSITORY:pull'],
    'another repository': [{}, 'repository:another:pull,push'],
    'what the role does not allow': [{ assignments: [{ principal: '*', role: 'AcrPull' }] }, push],
    'AcrPush on a registry with ABAC': [{ mode: 'AbacRepositoryPermissions' }, push],
  };
  it.each(Object.entries(denied))('does not allow %s', async (_, [options, scope]) => {
    await using acr = await open(options);
    const token = await accessToken(acr, scope.replace('REPOSITORY', repository));
    const answer = await ask(uploads(acr), { method: 'POST', token });
    expect(answer.status).toBe(401);
    expect(answer.challenge).toContain('error="insufficient_scope"');
    expect(answer.body.errors).toEqual([
      {
        code: 'UNAUTHORIZED',
        message:
          'authentication required, visit https://aka.ms/acr/authorization for more information.',
        detail: [
          { Type: 'repository', Name: repository, Action: 'pull' },
          { Type: 'repository', Name: repository, Action: 'push' },
        ],
      },
    ]);
  });

  it('allows a Repository Writer on a registry with ABAC', async () => {
    const role = 'Container Registry Repository Writer';
    await using acr = await open({
      mode: 'AbacRepositoryPermissions',
      assignments: [{ principal: 'object', role, repositories: 'acr-login/' }],
    });
    const token = await accessToken(acr, `repository:${repository}:pull,push`);
    expect((await ask(uploads(acr), { method: 'POST', token })).status).toBe(202);
  });

  it('takes an access token to the second of its end', async () => {
    let now = Math.floor(Date.now() / 1000);
    await using acr = await open({ accessLifetime: 30, now: () => now });
    const token = await accessToken(acr, `repository:${repository}:pull,push`);
    now += 29;
    expect((await ask(uploads(acr), { method: 'POST', token })).status).toBe(202);
    now += 1;
    const late = await ask(uploads(acr), { method: 'POST', token });
    expect(late.status).toBe(401);
    expect(late.challenge).toContain('error="invalid_token"');
  });

  it('takes no token of another signer', async () => {
    await using acr = await open({ key: await newSigningKey() });
    const token = await accessToken(acr, `repository:${repository}:pull,push`);
    expect(token).not.toBe('');
    const answer = await ask(uploads(acr), { method: 'POST', token });
    expect(answer.status).toBe(401);
    expect(answer.challenge).toContain('error="invalid_token"');
  });

  it.each(['/v2/', '/oauth2/token', '/oauth2/exchange'])(
    'answers nobody at %s from outside of its firewall',
    async (path) => {
      await using acr = await open({ firewall: true });
      expect(await ask(`https://${acr.host}${path}`)).toMatchObject({
        status: 403,
        body: {
          errors: [
            {
              code: 'DENIED',
              message:
                "client with IP '127.0.0.1' is not allowed access. Refer https://aka.ms/acr/firewall to grant access.",
            },
          ],
        },
      });
    },
  );
});
