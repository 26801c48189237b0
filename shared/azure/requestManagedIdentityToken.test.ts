import { describe, expect, it } from '@jest/globals';
import { type Answer, type Asked, serve } from '../../test/lab/doubles/serve.ts';
import { httpClient } from '../http/request.ts';
import { silent } from '../log/Log.ts';
import { requestManagedIdentityToken } from './requestManagedIdentityToken.ts';

/** As Azure's metadata service: refuses without its header, knows one assigned identity. */
function metadata(asked: Asked): Answer {
  const bad = (description: string): Answer => ({
    status: 400,
    body: { error: 'invalid_request', error_description: description },
  });
  if (asked.headers.metadata !== 'true') return bad('Required metadata header not specified');
  if (asked.query.get('api-version') !== '2018-02-01') return bad('Unknown api-version');
  const client = asked.query.get('client_id');
  if (client !== null && client !== 'assigned') return bad('Identity not found');
  const token = `token of ${client ?? 'the machine'} for ${asked.query.get('resource')}`;
  return { status: 200, body: { access_token: token, expires_in: '86399', token_type: 'Bearer' } };
}

async function ask(clientId: string | undefined, endpoint?: string) {
  await using service = await serve(metadata);
  const masked: string[] = [];
  const asked = requestManagedIdentityToken(
    { clientId, endpoint: endpoint ?? service.url },
    ['https://registries.test'],
    {
      http: (request) => http({ ...request, deadlineMs: 300 }),
      log: silent,
      mask: (secret) => masked.push(secret),
    },
  );
  return { token: await asked, masked };
}
const http = httpClient({ env: {}, log: silent });

describe('requestManagedIdentityToken', () => {
  it.each([
    [undefined, 'token of the machine for https://registries.test'],
    ['assigned', 'token of assigned for https://registries.test'],
  ])('of %s', async (clientId, token) => {
    expect(await ask(clientId)).toEqual({ token, masked: [token] });
  });

  it('says that an identity is not assigned', async () => {
    await expect(ask('another')).rejects.toThrow(
      /no managed identity another\. It says: Identity not found/,
    );
  });

  it('says that this is no machine of Azure', async () => {
    await expect(ask(undefined, 'http://127.0.0.1:9')).rejects.toThrow(
      /This runner has no managed identity/,
    );
  });
});
