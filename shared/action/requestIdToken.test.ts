import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Oidc, startOidc } from '../../test/lab/doubles/oidc.ts';
import { Failure } from '../failure/Failure.ts';
import { httpClient } from '../http/request.ts';
import { silent } from '../log/Log.ts';
import { requestIdToken } from './requestIdToken.ts';

let oidc: Oidc;
beforeAll(async () => {
  oidc = await startOidc();
});
afterAll(async () => oidc[Symbol.asyncDispose]());

const http = httpClient({ env: {}, log: silent });
const audience = 'api://AzureADTokenExchange';

async function ask(env: Record<string, string | undefined>) {
  const masked: string[] = [];
  const result = await requestIdToken({ ...oidc.env, ...env }, audience, {
    http,
    mask: (secret) => masked.push(secret),
  }).catch((error: unknown) => error);
  return { result, masked };
}

describe('requestIdToken', () => {
  it('gives a token for the audience; it and what it was asked with are masked', async () => {
    const { result, masked } = await ask({});
    expect(masked).toEqual([oidc.env.ACTIONS_ID_TOKEN_REQUEST_TOKEN, result]);
    expect(oidc.issued.at(-1)?.aud).toBe(audience);
  });

  it.each<[string, Record<string, string | undefined>, RegExp, RegExp]>([
    [
      'without the permission',
      { ACTIONS_ID_TOKEN_REQUEST_URL: undefined },
      /may not ask GitHub for an id token/,
      /id-token: write.* forks/,
    ],
    [
      'when the job is over',
      { ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'old' },
      /no id token \(status 401\)/,
      /id-token: write/,
    ],
  ])('%s says so', async (_name, env, what, remedy) => {
    const { result } = await ask(env);
    expect(result).toBeInstanceOf(Failure);
    expect((result as Failure).what).toMatch(what);
    expect((result as Failure).remedy).toMatch(remedy);
  });
});
