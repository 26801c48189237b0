import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { getOctokit } from '@actions/github';
import { afterEach, describe, expect, it } from '@jest/globals';
import { buildByTasks } from '../../../shared/azure/tasks/buildByTasks.ts';
import { httpClient } from '../../../shared/http/request.ts';
import { silent } from '../../../shared/log/Log.ts';
import { addresses } from '../addresses.ts';
import { authority } from '../authority.ts';
import { labContext } from '../lab.ts';
import { jobEnvironment, labIdentity } from './labDoubles.ts';

const env = jobEnvironment();

/** Over the lab's TLS, as a step does that trusts its authority. */
async function askEntra(path: string, form: Record<string, string>): Promise<unknown> {
  const { cert } = await authority(labContext(silent));
  return new Promise((resolve, reject) => {
    const asked = request(`${env.AZURE_AUTHORITY_HOST}${path}`, {
      method: 'POST',
      ca: readFileSync(cert),
      agent: false,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    asked.on('response', async (response) => resolve(JSON.parse(await text(response))));
    asked.on('error', reject);
    asked.end(new URLSearchParams(form).toString());
  });
}

describe("the lab's doubles", () => {
  afterEach(() => fetch(`${env.GITHUB_API_URL}/_lab`, { method: 'DELETE' }).then(() => {}));

  /** The job's own token, changed at Entra for one that ARM takes. */
  async function armToken() {
    const response = await fetch(
      `${env.ACTIONS_ID_TOKEN_REQUEST_URL}&audience=api://AzureADTokenExchange`,
      { headers: { authorization: `Bearer ${env.ACTIONS_ID_TOKEN_REQUEST_TOKEN}` } },
    );
    const { value } = (await response.json()) as { value: string };
    const answer = await askEntra(`/${labIdentity.tenant}/oauth2/v2.0/token`, {
      grant_type: 'client_credentials',
      client_id: labIdentity.client,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: value,
      scope: 'https://management.azure.com/.default',
    });
    return answer as { token_type: string; access_token: string };
  }

  it('know a job: its OIDC token becomes an access token', async () => {
    expect(await armToken()).toMatchObject({ token_type: 'Bearer' });
  });

  it("let a job build by ACR tasks with Entra's token", async () => {
    const { cert } = await authority(labContext(silent));
    const http = httpClient({ env: {}, log: silent, ca: readFileSync(cert, 'utf8') });
    const folder = mkdtempSync(join(tmpdir(), 'by-job-'));
    const dockerfile = join(folder, 'Dockerfile');
    writeFileSync(dockerfile, 'FROM busybox:1.36\nRUN echo built > /built\n');
    const names = [`arm-double/${Date.now().toString(36)}:1`];
    const { subscription, resourceGroup } = labIdentity;
    try {
      const built = await buildByTasks({
        registry: { arm: `https://${addresses.arm}`, subscription, resourceGroup, name: 'acr' },
        ...{ context: folder, dockerfile, tempDir: folder, http, log: silent },
        build: { names, push: true },
        token: async () => (await armToken()).access_token,
        signal: new AbortController().signal,
      });
      expect(built.digest).toMatch(/^sha256:/);
    } finally {
      rmSync(folder, { recursive: true });
    }
    await expect(
      http({
        url: `https://${addresses.arm}/x?api-version=2019-04-01`,
        headers: { authorization: 'Bearer x' },
      }),
    ).resolves.toMatchObject({ status: 401 });
  }, 60_000);

  it('tell what they were asked, and begin anew as told', async () => {
    const octokit = getOctokit(labIdentity.githubToken, { baseUrl: env.GITHUB_API_URL });
    const [owner = '', repo = ''] = labIdentity.repository.split('/');
    await octokit.rest.issues.create({ owner, repo, title: 'seen' });
    const state = async () => (await fetch(`${env.GITHUB_API_URL}/_lab`)).text();
    expect(await state()).toContain('"title":"seen"');
    await fetch(`${env.GITHUB_API_URL}/_lab`, {
      method: 'PUT',
      body: JSON.stringify({ repositories: [{ fullName: 'a/b' }], tokens: { t: {} } }),
    });
    expect(await state()).toContain('"fullName":"a/b"');
    expect(await state()).not.toContain('seen');
  });
});
