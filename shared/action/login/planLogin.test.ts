import { describe, expect, it } from '@jest/globals';
import { InputReader } from '../InputReader.ts';
import { loginForReading } from './loginForReading.ts';
import { planLogin } from './planLogin.ts';
import type { GivenLogin } from './RegistryLogin.ts';
import { readLogin } from './readLogin.ts';

const client = '22222222-2222-4222-8222-222222222222';
const tenant = '11111111-1111-4111-8111-111111111111';
const oidc = { clientId: client, tenantId: tenant };
const user = { username: 'alice', password: 'pass' };

/** `registry by way (cloud)`. */
function planned(given: GivenLogin, hosts: readonly string[]): string[] {
  return planLogin(given, hosts, 'ghcr.io').logins.map((login) =>
    [login.registry, login.by, ...('cloud' in login ? [login.cloud.name] : [])].join(' '),
  );
}

describe('planLogin', () => {
  it.each<[string, GivenLogin, string[], string[]]>([
    ['nothing given', {}, ['acme.azurecr.io'], ['acme.azurecr.io existing']],
    ['OIDC', oidc, ['acme.azurecr.io'], ['acme.azurecr.io oidc public']],
    ['OIDC in China', oidc, ['acme.azurecr.cn'], ['acme.azurecr.cn oidc china']],
    [
      'OIDC at a registry under a name of its own',
      { ...oidc, cloud: 'usgovernment' },
      ['images.acme.test'],
      ['images.acme.test oidc usgovernment'],
    ],
    [
      "OIDC at Azure's registries, the user elsewhere",
      { ...oidc, ...user },
      ['docker.io', 'dev.azurecr.io', 'prod.azurecr.io', 'dev.azurecr.io'],
      ['docker.io password', 'dev.azurecr.io oidc public', 'prod.azurecr.io oidc public'],
    ],
    [
      'a client secret',
      { ...oidc, clientSecret: 's' },
      ['a.azurecr.io'],
      ['a.azurecr.io secret public'],
    ],
    [
      'a managed identity',
      { managedIdentity: 'system' },
      ['a.azurecr.us'],
      ['a.azurecr.us managed usgovernment'],
    ],
    [
      'user and password',
      user,
      ['a.azurecr.io', 'b.test'],
      ['a.azurecr.io password', 'b.test existing'],
    ],
    [
      "GitHub's own",
      { githubToken: 't' },
      ['ghcr.io', 'b.test'],
      ['ghcr.io github', 'b.test existing'],
    ],
    ["a user at GitHub's", { githubToken: 't', ...user }, ['ghcr.io'], ['ghcr.io password']],
    ['no registry', { ...oidc, ...user }, [], []],
  ])('%s', (_name, given, hosts, expected) => {
    expect(planned(given, hosts)).toEqual(expected);
    expect(planLogin(given, hosts, 'ghcr.io').problems).toEqual([]);
  });
});

describe('loginForReading', () => {
  it.each([
    ['another registry of its cloud', 'base.azurecr.io', 'oidc'],
    ['one of another cloud', 'base.azurecr.us', undefined],
    ['any other', 'docker.io', undefined],
  ])('%s', (_name, registry, by) => {
    const { logins } = planLogin(oidc, ['acme.azurecr.io'], 'ghcr.io');
    expect(loginForReading(logins, registry)).toEqual(
      by && expect.objectContaining({ registry, by }),
    );
  });
});

async function read(inputs: Record<string, string>, env: Record<string, string> = {}) {
  const masked: string[] = [];
  const variables = Object.entries(inputs).map(([name, value]) => [
    `INPUT_${name.toUpperCase()}`,
    value,
  ]);
  const reader = new InputReader(Object.fromEntries(variables), (secret) => masked.push(secret));
  const login = await readLogin(reader, ['acme.azurecr.io', 'containers.ghe.test'], { env });
  let problems: string[] = [];
  try {
    reader.finish();
  } catch (error) {
    problems = (error as AggregateError).errors.map((one: Error) => one.message);
  }
  return { login, masked, problems };
}

describe('readLogin', () => {
  it('masks what is secret', async () => {
    const { masked, login } = await read(
      {
        ...{ 'azure-client-id': client, 'azure-tenant-id': 'acme.onmicrosoft.com' },
        ...{ 'azure-client-secret': 's3cret', 'github-token': 'ghs', 'azure-cloud': 'public' },
      },
      { GITHUB_SERVER_URL: 'https://ghe.test' },
    );
    expect(masked).toEqual(['s3cret', 'ghs']);
    expect(login.map(({ by }) => by)).toEqual(['secret', 'github']);
  });

  it.each<[Record<string, string>, string[]]>([
    [
      { 'azure-client-id': 'web' },
      ['Input azure-client-id: is not an application id (given: "web")'],
    ],
    [{ 'azure-client-id': client }, ['Input azure-client-id is given without azure-tenant-id.']],
    [{ 'azure-tenant-id': tenant }, ['Input azure-tenant-id is given without azure-client-id.']],
    [
      { 'azure-client-secret': 'x' },
      ['Input azure-client-secret is given without azure-client-id.'],
    ],
    [{ 'azure-tenant-id': 'a b' }, ['Input azure-tenant-id: is neither the id of a directory']],
    [
      { 'azure-managed-identity': 'yes' },
      ['Input azure-managed-identity: is neither `system` nor'],
    ],
    [{ 'azure-cloud': 'germany' }, ['Input azure-cloud: "germany" is not a cloud of Azure']],
    [{ username: 'a' }, ['Input username is given without password.']],
    [{ password: 'a' }, ['Input password is given without username.']],
    [
      { 'azure-client-id': client, 'azure-tenant-id': tenant, 'azure-managed-identity': 'system' },
      ['Inputs azure-client-id and azure-managed-identity are both given.'],
    ],
  ])('%j', async (inputs, said) => {
    const { problems } = await read(inputs);
    expect(problems).toEqual(
      expect.arrayContaining(said.map((text) => expect.stringContaining(text))),
    );
  });

  it('two logins for one registry', () => {
    const { problems } = planLogin({ ...oidc, ...user }, ['acme.azurecr.io'], 'ghcr.io');
    expect(problems).toEqual([
      expect.objectContaining({
        what: expect.stringContaining('logged in to by the Azure identity'),
      }),
    ]);
  });
});
