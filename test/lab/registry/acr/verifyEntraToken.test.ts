import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { errors } from 'jose';
import { type Entra, startEntra } from '../../doubles/entra.ts';
import type { Served } from '../../doubles/serve.ts';
import { verifyEntraToken } from './verifyEntraToken.ts';

const tenant = '11111111-1111-4111-8111-111111111111';
const otherTenant = '44444444-4444-4444-8444-444444444444';
const app = { clientId: 'app', objectId: 'object', secrets: [{ value: 'secret' }] };
const registry = 'https://containerregistry.azure.net';
const clock = { now: 1_000_000 };

let entra: Entra & Served;
let strangers: Entra & Served;
beforeAll(async () => {
  const tenants = [tenant, otherTenant].map((id) => ({ id, apps: [app] }));
  const start = () => startEntra({ tenants, lifetime: 600, now: () => clock.now });
  [entra, strangers] = await Promise.all([start(), start()]);
});
afterAll(() => Promise.all([entra, strangers].map((double) => double[Symbol.asyncDispose]())));

async function accessToken(
  resource = registry,
  of = tenant,
  from: Served = entra,
): Promise<string> {
  const response = await fetch(`${from.url}/${of}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams({
      ...{ grant_type: 'client_credentials', client_id: 'app', client_secret: 'secret' },
      scope: `${resource}/.default`,
    }),
  });
  return ((await response.json()) as { access_token: string }).access_token;
}

const verify = (options: { armTokens?: boolean; now?: number } = {}) =>
  verifyEntraToken({
    ...{ entra: entra.url, tenant, now: () => options.now ?? clock.now },
    ...(options.armTokens !== undefined && { armTokens: options.armTokens }),
  });

describe('an access token of Entra', () => {
  it('tells who it is of', async () => {
    expect(await verify()(await accessToken())).toEqual({ oid: 'object', appid: 'app' });
  });

  it('may be one for ARM, unless a policy forbids it', async () => {
    const token = await accessToken('https://management.azure.com');
    expect(await verify()(token)).toEqual({ oid: 'object', appid: 'app' });
    await expect(verify({ armTokens: false })(token)).rejects.toBeInstanceOf(errors.JOSEError);
  });

  const refused: Record<string, () => Promise<unknown>> = {
    'of another resource': async () => verify()(await accessToken('https://graph.microsoft.com')),
    'of another tenant': async () => verify()(await accessToken(registry, otherTenant)),
    'of another signer': async () => verify()(await accessToken(registry, tenant, strangers)),
    'that has expired': async () => verify({ now: clock.now + 600 })(await accessToken()),
    'that is none': async () => verify()('x'),
  };
  it.each(Object.entries(refused))('is refused when it is one %s', async (_, check) => {
    await expect(check()).rejects.toBeInstanceOf(errors.JOSEError);
  });
});
