import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Entra, type EntraApp, startEntra } from '../../test/lab/doubles/entra.ts';
import { type Oidc, startOidc, subjectOf } from '../../test/lab/doubles/oidc.ts';
import { Failure } from '../failure/Failure.ts';
import { httpClient } from '../http/request.ts';
import { silent } from '../log/Log.ts';
import { type Application, requestEntraToken } from './requestEntraToken.ts';

const tenant = '11111111-1111-4111-8111-111111111111';
const audience = 'api://AzureADTokenExchange';
const registries = 'https://containerregistry.azure.net';
const main = { repository: 'acme/web', ref: 'refs/heads/main', eventName: 'push' };

let oidc: Oidc;
let entra: Entra;
beforeAll(async () => {
  oidc = await startOidc();
  const trust = { issuer: oidc.issuer, subject: subjectOf(main), audience };
  const app = (
    clientId: string,
    ...federatedCredentials: EntraApp['federatedCredentials'] & object
  ) => ({
    clientId,
    federatedCredentials,
    secrets: [{ value: 's3cret-right' }, { value: 's3cret-old', expired: true }],
  });
  entra = await startEntra({
    tenants: [
      {
        id: tenant,
        apps: [
          app('web', trust),
          app('none'),
          app('elsewhere', { ...trust, issuer: 'https://issuer.test' }),
          app('production', { ...trust, subject: 'repo:acme/web:environment:production' }),
          app('other-audience', { ...trust, audience: 'api://other' }),
        ],
      },
    ],
  });
});
afterAll(() => Promise.all([oidc, entra].map((double) => double[Symbol.asyncDispose]())));

const http = httpClient({ env: {}, log: silent });
const minted = (claims = {}) => oidc.mint(audience, claims);
const expired = { exp: 1_000_000, nbf: 0 };

async function ask(change: Partial<Application> = {}, resources: readonly string[] = [registries]) {
  const masked: string[] = [];
  const said: string[] = [];
  const result = await requestEntraToken(
    {
      ...{ authority: entra.url, tenant, clientId: 'web' },
      proof: async () => ({ assertion: await minted() }),
      ...change,
    },
    resources,
    {
      http,
      log: { ...silent, info: (text) => said.push(text) },
      mask: (secret) => masked.push(secret),
    },
  ).catch((error: unknown) => error);
  return { result, masked, said };
}

describe('requestEntraToken', () => {
  it('gives a token for the resource, masked', async () => {
    const { result, masked } = await ask();
    expect(masked).toEqual([result]);
    expect(entra.issued.at(-1)).toMatchObject({ aud: registries, appid: 'web' });
  });

  it('takes a client secret', async () => {
    const { result } = await ask({ proof: async () => ({ secret: 's3cret-right' }) });
    expect(result).toEqual(expect.any(String));
  });

  it('asks for the next resource where the tenant does not know the first', async () => {
    await ask({}, ['https://containerregistry.azure.cn', 'https://management.azure.com']);
    expect(entra.issued.at(-1)?.aud).toBe('https://management.azure.com');
  });

  it('mints an assertion again that has expired, and goes on', async () => {
    const lives = [expired, {}];
    const { result, said } = await ask({
      proof: async () => ({ assertion: await minted(lives.shift()) }),
    });
    expect(result).toEqual(expect.any(String));
    expect(said).toEqual([expect.stringContaining('asked for again')]);
    expect(lives).toEqual([]);
  });

  const cases: [string, Partial<Application>, RegExp, RegExp][] = [
    [
      'no federated credential',
      { clientId: 'none' },
      /none has no federated credential/,
      /three values/,
    ],
    [
      'another issuer',
      { clientId: 'elsewhere' },
      /no federated credential.* none with this issuer/,
      /three values/,
    ],
    [
      'another subject',
      { clientId: 'production' },
      /subject "repo:acme\/web:ref:refs\/heads\/main".* none with this subject/,
      /letter by letter/,
    ],
    [
      'another audience',
      { clientId: 'other-audience' },
      /another audience than "api:\/\/AzureADTokenExchange"/,
      /three values/,
    ],
    [
      'an unknown tenant',
      { tenant: 'acme.test' },
      /no tenant acme\.test/,
      /azure-tenant-id.*azure-cloud/,
    ],
    [
      'an unknown application',
      { clientId: 'nobody' },
      /has no application nobody/,
      /azure-client-id/,
    ],
    [
      'a wrong secret',
      { proof: async () => ({ secret: 's3cret-wrong' }) },
      /not one of the application web/,
      /not its id/,
    ],
    [
      'a secret that has expired',
      { proof: async () => ({ secret: 's3cret-old' }) },
      /has expired/,
      /OIDC/,
    ],
    [
      'an assertion that stays expired',
      { proof: async () => ({ assertion: await minted(expired) }) },
      /expired, although it was newly made/,
      /clocks/,
    ],
    [
      'what is no token',
      { proof: async () => ({ assertion: 'x' }) },
      /\(status 400\).*AADSTS50027/,
      /error/,
    ],
  ];
  it.each(cases)('%s is told with what was sent', async (_name, change, said, remedy) => {
    const { result } = await ask(change);
    const failure = result as Failure;
    expect(failure).toBeInstanceOf(Failure);
    expect(`${failure.what} ${failure.why}`).toMatch(said);
    expect(failure.remedy).toMatch(remedy);
    expect(failure.details).toContain('What was sent');
    // No part of a token or secret is told.
    expect(`${failure.message} ${failure.details}`).not.toMatch(/eyJ|s3cret/);
  });

  it('a resource that no tenant has', async () => {
    const { result } = await ask({}, ['https://nothing.test']);
    expect((result as Failure).what).toMatch(/does not know the resource https:\/\/nothing\.test/);
  });

  it('a subject with hostile text stays one line of text', async () => {
    const sub = 'repo:acme/web:ref:refs/heads/x\n::error::not ours';
    const { result } = await ask({ proof: async () => ({ assertion: await minted({ sub }) }) });
    expect((result as Failure).message).not.toContain('\n');
    expect((result as Failure).details?.split('\n')).not.toContain('::error::not ours');
  });
});
