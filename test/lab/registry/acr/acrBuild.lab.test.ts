import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Failure } from '../../../../shared/failure/Failure.ts';
import { httpClient } from '../../../../shared/http/request.ts';
import { silent } from '../../../../shared/log/Log.ts';
import { parseReference } from '../../../../shared/oci/Reference.ts';
import { RegistryClient } from '../../../../shared/oci/RegistryClient.ts';
import { addresses } from '../../addresses.ts';
import { authority } from '../../authority.ts';
import { build } from '../../buildkit/build.ts';
import { jobEnvironment, labIdentity } from '../../doubles/labDoubles.ts';
import { labContext } from '../../lab.ts';
import { acrRefreshToken } from './acr.ts';
import type { AcrOptions } from './startAcr.ts';
import { startTestAcr } from './startTestAcr.ts';
import { tokenUser } from './tokenEndpoints.ts';

const lab = labContext(silent);
const principal = { oid: 'object', appid: 'application' };
const repository = `acr-build/${Date.now().toString(36)}`;
let folder: string;
let ca: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'acr-build-'));
  writeFileSync(join(folder, 'Dockerfile'), 'FROM busybox:1.36\nRUN echo built > /built\n');
  ca = (await authority(lab)).cert;
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Answer {
  readonly value?: string;
  readonly access_token?: string;
  readonly refresh_token?: string;
}

/** What `docker login` leaves behind, and whom Go's clients trust. */
function loggedIn(host: string, password: string): Record<string, string> {
  const config = mkdtempSync(join(folder, 'docker-'));
  const auth = btoa(`${tokenUser}:${password}`);
  writeFileSync(join(config, 'config.json'), JSON.stringify({ auths: { [host]: { auth } } }));
  return { DOCKER_CONFIG: config, SSL_CERT_FILE: ca };
}

/** What buildx says when a registry of this kind refuses. */
async function refusedBy(options: Partial<AcrOptions>): Promise<string> {
  await using acr = await startTestAcr(lab, options);
  const env = loggedIn(acr.host, await acr.tokens.refreshToken(principal));
  const failure = await build(lab, {
    ...{ context: folder, env },
    tag: `${acr.host}/${repository}/refused:1`,
  }).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(Failure);
  return String((failure as Failure).details);
}

describe('a build that is pushed to the registry that plays ACR', () => {
  it('arrives, with the login of docker', async () => {
    const password = await acrRefreshToken(lab, principal);
    const tag = `${addresses.acr}/${repository}:1`;
    const digest = await build(lab, {
      ...{ context: folder, tag },
      env: loggedIn(addresses.acr, password),
    });
    const client = new RegistryClient({
      http: httpClient({ env: {}, log: silent, ca: readFileSync(ca, 'utf8') }),
      credentialFor: () => Promise.resolve({ username: tokenUser, password }),
    });
    expect((await client.manifest(parseReference(tag))).digest).toBe(digest);
  }, 60_000);

  it("arrives, with a login that began with the job's own token", async () => {
    const http = httpClient({ env: {}, log: silent, ca: readFileSync(ca, 'utf8') });
    const job = jobEnvironment();
    const { tenant, client } = labIdentity;
    const ask = async (url: string, form?: Record<string, string>): Promise<Answer> => {
      const { body } = await http({
        ...{ url, method: form ? 'POST' : 'GET' },
        headers: form
          ? { 'content-type': 'application/x-www-form-urlencoded' }
          : { authorization: `Bearer ${job.ACTIONS_ID_TOKEN_REQUEST_TOKEN}` },
        ...(form && { body: new URLSearchParams(form).toString() }),
      });
      return JSON.parse(body.toString()) as Answer;
    };
    const { value = '' } = await ask(
      `${job.ACTIONS_ID_TOKEN_REQUEST_URL}&audience=api://AzureADTokenExchange`,
    );
    const entra = await ask(`${job.AZURE_AUTHORITY_HOST}/${tenant}/oauth2/v2.0/token`, {
      ...{ grant_type: 'client_credentials', client_id: client, client_assertion: value },
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      scope: 'https://containerregistry.azure.net/.default',
    });
    const exchanged = await ask(`https://${addresses.acr}/oauth2/exchange`, {
      ...{ grant_type: 'access_token', service: addresses.acr, tenant },
      access_token: entra.access_token ?? '',
    });
    const digest = await build(lab, {
      ...{ context: folder, tag: `${addresses.acr}/${repository}/by-job:1` },
      env: loggedIn(addresses.acr, exchanged.refresh_token ?? ''),
    });
    expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/);
  }, 60_000);

  it('is refused without a login', async () => {
    const env = loggedIn('another.example', 'x');
    await expect(
      build(lab, { context: folder, env, tag: `${addresses.acr}/${repository}:2` }),
    ).rejects.toMatchObject({ details: expect.stringContaining('401 Unauthorized') });
  }, 60_000);

  const refusals: Record<string, [Partial<AcrOptions>, RegExp]> = {
    'by a role that may only pull': [
      { assignments: [{ principal: '*', role: 'AcrPull' }] },
      /insufficient_scope/,
    ],
    'by ABAC, for which AcrPush is nothing': [
      { mode: 'AbacRepositoryPermissions' },
      /insufficient_scope/,
    ],
    'by the firewall': [
      { firewall: true },
      /denied: client with IP '127.0.0.1' is not allowed access/,
    ],
    'after the login has expired': [
      { refreshLifetime: 0 },
      /failed to fetch oauth token: unauthorized: authentication required/,
    ],
  };
  it.each(Object.entries(refusals))(
    'is refused %s',
    async (_, [options, expected]) => {
      expect(await refusedBy(options)).toMatch(expected);
    },
    60_000,
  );
});
