import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Failure } from '../../../shared/failure/Failure.ts';
import { httpClient } from '../../../shared/http/request.ts';
import { silent } from '../../../shared/log/Log.ts';
import { parseReference } from '../../../shared/oci/Reference.ts';
import { RegistryClient } from '../../../shared/oci/RegistryClient.ts';
import { run } from '../../../shared/process/run.ts';
import { addresses } from '../../lab/addresses.ts';
import { authority } from '../../lab/authority.ts';
import { serve } from '../../lab/doubles/serve.ts';
import { labContext } from '../../lab/lab.ts';
import type { AcrOptions } from '../../lab/registry/acr/startAcr.ts';
import { tokenUser } from '../../lab/registry/acr/tokenEndpoints.ts';
import { audience, type LoginLab, loginLab, tenant } from './loginLab.ts';

const web = '22222222-2222-4222-8222-222222222222';
const api = '33333333-3333-4333-8333-333333333333';
const stranger = '44444444-4444-4444-8444-444444444444';
const production = '55555555-5555-4555-8555-555555555555';
const otherAudience = '66666666-6666-4666-8666-666666666666';
const pod = '88888888-8888-4888-8888-888888888888';
const podSubject = 'system:serviceaccount:ci:runner';
const repository = `login/${Date.now().toString(36)}`;
const dockerfile = 'FROM busybox:1.36\nRUN echo built > /built\n';
const oidcOf = (client: string) => ({ 'azure-client-id': client, 'azure-tenant-id': tenant });
const lab = labContext(silent);

let job: LoginLab;
beforeAll(async () => {
  job = await loginLab((trust) => [
    {
      ...{ clientId: web, objectId: 'web', federatedCredentials: [trust] },
      secrets: [{ value: 'client-s3cret' }],
    },
    {
      ...{ clientId: pod, objectId: 'pod' },
      federatedCredentials: [{ ...trust, subject: podSubject }],
    },
    { clientId: api, objectId: 'api', federatedCredentials: [trust] },
    { clientId: stranger, objectId: 'stranger' },
    {
      clientId: production,
      federatedCredentials: [{ ...trust, subject: 'repo:acme/web:environment:production' }],
    },
    { clientId: otherAudience, federatedCredentials: [{ ...trust, audience: 'api://other' }] },
  ]);
});
afterAll(async () => job[Symbol.asyncDispose]());

describe('a login without a secret', () => {
  it('pushes, and leaves no credential in any file', async () => {
    await using acr = await job.acr();
    const image = `${acr.host}/${repository}/web:1`;
    await using login = await job.logIn(image, oidcOf(web));
    const digest = await job.build(image, login, dockerfile);
    const written = job.written();
    for (const secret of job.masked) expect(written).not.toContain(secret);
    expect(written).not.toMatch(/eyJ[\w-]{10,}\./);
    expect(job.said.join('\n')).not.toMatch(/eyJ[\w-]{10,}\./);

    const client = new RegistryClient({
      http: httpClient({
        ...{ env: {}, log: silent },
        ca: readFileSync((await authority(lab)).cert, 'utf8'),
      }),
      credentialFor: login.credentialFor,
    });
    expect((await client.manifest(parseReference(image))).digest).toBe(digest);
  }, 60_000);

  it('by a client secret', async () => {
    await using acr = await job.acr();
    const image = `${acr.host}/${repository}/by-secret:1`;
    const secret = { ...oidcOf(web), 'azure-client-secret': 'client-s3cret' };
    await using login = await job.logIn(image, secret);
    expect(await login.credentialFor(acr.host)).toMatchObject({ password: expect.any(String) });
  });

  it("by the machine's managed identity", async () => {
    await using acr = await job.acr();
    await using metadata = await serve(async ({ headers, query }) =>
      headers.metadata === 'true'
        ? { status: 200, body: { access_token: await job.entraToken(web, query.get('resource')) } }
        : { status: 400 },
    );
    const image = `${acr.host}/${repository}/by-machine:1`;
    const env = { AZURE_POD_IDENTITY_AUTHORITY_HOST: metadata.url };
    await using login = await job.logIn(image, { 'azure-managed-identity': 'system' }, { env });
    expect(await login.credentialFor(acr.host)).toMatchObject({ password: expect.any(String) });
  });

  it("by the identity of the runner's pod", async () => {
    await using acr = await job.acr();
    const image = `${acr.host}/${repository}/by-pod:1`;
    const file = join(job.dockerConfig, '../pod-token');
    writeFileSync(file, await job.oidc.mint(audience, { sub: podSubject }));
    const env = {
      AZURE_FEDERATED_TOKEN_FILE: file,
      AZURE_TENANT_ID: tenant,
      AZURE_CLIENT_ID: pod,
    };
    await using login = await job.logIn(image, { 'azure-managed-identity': 'system' }, { env });
    expect(await login.credentialFor(acr.host)).toMatchObject({ password: expect.any(String) });
    rmSync(file);
  });

  it('by user name and password, with a push', async () => {
    await using acr = await job.acr();
    const image = `${acr.host}/${repository}/by-password:1`;
    const password = await acr.tokens.refreshToken({ oid: 'web', appid: web });
    await using login = await job.logIn(image, { username: tokenUser, password });
    await job.build(image, login, dockerfile);
  }, 60_000);

  it('is renewed when its token ended in a long build, before the push', async () => {
    await using acr = await job.acr({ refreshLifetime: 4, accessLifetime: 4 });
    const image = `${acr.host}/${repository}/long:1`;
    await using login = await job.logIn(image, oidcOf(web));
    const before = job.exchanges();
    await job.build(image, login, `FROM busybox:1.36\nRUN sleep 6 # ${Math.random()}\n`);
    expect(job.exchanges()).toBeGreaterThan(before);
  }, 60_000);

  it('that cannot be renewed any more says why, in place of what the build says', async () => {
    await using other = await loginLab((trust) => [
      { clientId: web, objectId: 'web', federatedCredentials: [trust] },
    ]);
    await using acr = await other.acr({ refreshLifetime: 1 });
    const image = `${acr.host}/${repository}/ended:1`;
    await using login = await other.logIn(image, oidcOf(web));
    other.oidc.endJob();
    await expect(other.build(image, login, dockerfile)).rejects.toMatchObject({
      details: expect.stringContaining('GitHub gave this job no id token (status 401)'),
    });
    expect(login.lastRefusal()?.what).toBe('GitHub gave this job no id token (status 401).');
  }, 60_000);

  // BuildKit's client keeps what it was given for 4 minutes and 50 seconds, whatever a token lives.
  (process.env.PLATFORM_ACTIONS_FULL === '1' ? it : it.skip)(
    "is renewed although BuildKit's client keeps what it was given",
    async () => {
      await using acr = await job.acr({ refreshLifetime: 320, accessLifetime: 30 });
      const base = `${acr.host}/${repository}/base:1`;
      const image = `${acr.host}/${repository}/longer:1`;
      await using login = await job.logIn(image, oidcOf(web));
      await job.build(base, login, dockerfile);
      const before = job.exchanges();
      await job.build(image, login, `FROM ${base}\nRUN sleep 330 # ${Math.random()}\n`);
      expect(job.exchanges()).toBeGreaterThan(before);
    },
    400_000,
  );

  it('two jobs of one runner keep apart, whatever each may do', async () => {
    const role = 'Container Registry Repository Writer';
    const [ofWeb, ofApi] = [`${repository}/only-web`, `${repository}/only-api`];
    await using acr = await job.acr({
      mode: 'AbacRepositoryPermissions',
      assignments: [
        { principal: 'web', role, repositories: ofWeb },
        { principal: 'api', role, repositories: ofApi },
      ],
    });
    const [webImage, apiImage] = [`${acr.host}/${ofWeb}:1`, `${acr.host}/${ofApi}:1`];
    const [webLogin, apiLogin] = await Promise.all([
      job.logIn(webImage, oidcOf(web)),
      job.logIn(apiImage, oidcOf(api)),
    ]);
    await Promise.all([
      job.build(webImage, webLogin, dockerfile),
      job.build(apiImage, apiLogin, dockerfile),
    ]);
    await webLogin[Symbol.asyncDispose]();
    await expect(job.build(webImage, apiLogin, dockerfile)).rejects.toThrow();
    await job.build(`${acr.host}/${ofApi}:2`, apiLogin, dockerfile);
    await apiLogin[Symbol.asyncDispose]();
  }, 120_000);
});

describe("the runner's own docker configuration", () => {
  it('still logs in, and its builders, contexts and plug-ins are found', async () => {
    await using acr = await job.acr();
    const image = `${acr.host}/${repository}/existing:1`;
    const password = await acr.tokens.refreshToken({ oid: 'web', appid: web });
    const auth = Buffer.from(`${tokenUser}:${password}`).toString('base64');
    const config = join(job.dockerConfig, 'config.json');
    const text = JSON.stringify({ auths: { [acr.host]: { auth } }, currentContext: 'elsewhere' });
    writeFileSync(config, text);
    const id = createHash('sha256').update('elsewhere').digest('hex');
    const meta = join(job.dockerConfig, 'contexts/meta', id);
    mkdirSync(meta, { recursive: true });
    const Endpoints = { docker: { Host: 'tcp://127.0.0.1:1', SkipTLSVerify: false } };
    writeFileSync(
      join(meta, 'meta.json'),
      JSON.stringify({ Name: 'elsewhere', Metadata: {}, Endpoints }),
    );
    const buildx = await lab.program('buildx');
    const mine = { PATH: process.env.PATH ?? '', DOCKER_CONFIG: job.dockerConfig };
    await run({
      program: buildx,
      args: ['create', '--name', 'mine', '--driver', 'remote', 'tcp://127.0.0.1:1'],
      env: mine,
    });

    await using login = await job.logIn(image, {});
    await job.build(image, login, dockerfile);
    const { stdout } = await run({ program: buildx, args: ['ls'], env: login.env });
    expect(stdout).toMatch(/^mine\b/m);
    expect(stdout).toMatch(/^elsewhere\*?\b/m);
    expect(readFileSync(config, 'utf8')).toBe(text);
    writeFileSync(config, '{}');
  }, 60_000);
});

describe('a refusal comes before anything is built, with its cause and remedy', () => {
  const push = { principal: '*', role: 'AcrPush' } as const;
  const cases: Record<
    string,
    [Partial<AcrOptions>, Record<string, string>, RegExp, RegExp, Record<string, string>?]
  > = {
    'no id-token: write': [
      {},
      oidcOf(web),
      /may not ask GitHub for an id token/,
      /id-token: write/,
      { ACTIONS_ID_TOKEN_REQUEST_URL: '' },
    ],
    'no federated credential': [
      {},
      oidcOf(stranger),
      /no federated credential for this job\. .* subject "repo:acme\/web:ref:refs\/heads\/main"/,
      /three values/,
    ],
    'a federated credential for another subject': [
      {},
      oidcOf(production),
      /none with this subject/,
      /letter by letter/,
    ],
    'a federated credential for another audience': [
      {},
      oidcOf(otherAudience),
      /another audience than "api:\/\/AzureADTokenExchange"/,
      /three values/,
    ],
    'an audience of another cloud': [
      {},
      { ...oidcOf(web), 'azure-cloud': 'china' },
      /another audience than "api:\/\/AzureADTokenExchangeChina"/,
      /three values/,
    ],
    'an unknown application': [
      {},
      oidcOf('77777777-7777-4777-8777-777777777777'),
      /has no application 7777/,
      /azure-client-id/,
    ],
    'an unknown tenant': [
      {},
      { ...oidcOf(web), 'azure-tenant-id': 'nobody.test' },
      /knows no tenant nobody\.test/,
      /azure-tenant-id/,
    ],
    'a wrong client secret': [
      {},
      { ...oidcOf(web), 'azure-client-secret': 'client-wrong' },
      /client secret is not one of/,
      /OIDC/,
    ],
    'the firewall': [
      { firewall: true },
      oidcOf(web),
      /firewall of .* client with IP '127\.0\.0\.1' is not allowed/,
      /address of this runner/,
    ],
    'no role at all': [
      { assignments: [{ principal: 'other', role: 'AcrPush' }] },
      oidcOf(web),
      /knows no role of the application 2222/,
      /AcrPush.*Container Registry Repository Writer/,
    ],
    'a role that only pulls': [
      { assignments: [{ principal: '*', role: 'AcrPull' }] },
      oidcOf(web),
      /the application 2222.* may not push to localhost/,
      /AcrPush/,
    ],
    'AcrPush where ABAC rules': [
      { mode: 'AbacRepositoryPermissions', assignments: [push] },
      oidcOf(web),
      /may not push to localhost/,
      /ABAC.*Container Registry Repository Writer/,
    ],
    'a managed identity where there is none': [
      {},
      { 'azure-managed-identity': 'system' },
      /no managed identity/,
      /OIDC/,
      { AZURE_POD_IDENTITY_AUTHORITY_HOST: 'http://127.0.0.1:9' },
    ],
    'a password that is none': [
      {},
      { username: tokenUser, password: 'wrong' },
      /refuses the login for .* \(status 401\)/,
      /`username` and `password`/,
    ],
  };
  it.each(Object.entries(cases))('%s', async (_name, [options, inputs, said, remedy, env = {}]) => {
    await using acr = await job.acr(options);
    const failure = await job
      .logIn(`${acr.host}/${repository}/refused:1`, inputs, { env })
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Failure);
    const { what, why, details, message } = failure as Failure;
    expect(`${what} ${why}`).toMatch(said);
    expect((failure as Failure).remedy).toMatch(remedy);
    expect(`${message} ${details}`).not.toMatch(/eyJ|client-wrong|client-s3cret/);
  });

  it('a registry that is no ACR', async () => {
    const image = `${addresses.entra}/web:1`;
    await expect(job.logIn(image, oidcOf(web))).rejects.toThrow(
      /does not log in as an Azure Container Registry does \(status 404\)/,
    );
  });

  it('is only told where nothing is pushed, as in a pull request from a fork', async () => {
    await using acr = await job.acr();
    const image = `${acr.host}/${repository}/fork:1`;
    const env = { ACTIONS_ID_TOKEN_REQUEST_URL: '' };
    await using login = await job.logIn(image, oidcOf(web), { env, push: false });
    expect(await login.credentialFor(acr.host)).toBeUndefined();
    expect(login.lastRefusal()?.what).toContain('may not ask GitHub');
  });

  it('an assertion that has expired is asked for again', async () => {
    await using acr = await job.acr();
    const image = `${acr.host}/${repository}/expired:1`;
    job.expireNextIdToken();
    await using login = await job.logIn(image, oidcOf(web));
    expect(await login.credentialFor(acr.host)).toBeDefined();
    expect(job.said.join()).toContain("The job's id token has expired; it is asked for again.");
  });
});
