import { getIDToken } from '@actions/core';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { type Job, type Oidc, startOidc, subjectOf } from './oidc.ts';

const saved = { ...process.env };
let printed: string[] = [];
const write = process.stdout.write;
beforeEach(() => {
  printed = [];
  // getIDToken masks its token by a workflow command.
  process.stdout.write = (text: string | Uint8Array) => printed.push(String(text)) > 0;
});
afterEach(() => {
  process.stdout.write = write;
  process.env = { ...saved };
});

/** The token as an action gets it, verified as a cloud does. */
async function tokenOf(oidc: Oidc, audience: string | undefined) {
  Object.assign(process.env, oidc.env);
  const token = await getIDToken(audience);
  const document = await fetch(`${oidc.issuer}/.well-known/openid-configuration`);
  const discovery = (await document.json()) as { issuer: string; jwks_uri: string };
  expect(discovery.issuer).toBe(oidc.issuer);
  return jwtVerify(token, createRemoteJWKSet(new URL(discovery.jwks_uri)), {
    issuer: oidc.issuer,
    ...(audience !== undefined && { audience }),
  });
}

describe('the OIDC double', () => {
  it("gives GitHub's own client a token that verifies", async () => {
    await using oidc = await startOidc({ job: { environment: 'prod', runId: '77' } });
    const { payload, protectedHeader } = await tokenOf(oidc, 'api://AzureADTokenExchange');
    expect(protectedHeader).toMatchObject({ alg: 'RS256', typ: 'JWT' });
    expect(payload).toMatchObject({
      sub: 'repo:acme/web:environment:prod',
      aud: 'api://AzureADTokenExchange',
      repository: 'acme/web',
      ref: 'refs/heads/main',
      run_id: '77',
      run_attempt: '1',
      actor: 'octocat',
      event_name: 'push',
      environment: 'prod',
      workflow_ref: 'acme/web/.github/workflows/deploy.yml@refs/heads/main',
      job_workflow_ref: 'acme/web/.github/workflows/deploy.yml@refs/heads/main',
    });
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(300);
    expect(oidc.issued).toEqual([payload]);
    expect(printed.join('')).toContain('::add-mask::');
  });

  it('names the owner as the audience when none is asked for', async () => {
    await using oidc = await startOidc();
    const { payload } = await tokenOf(oidc, undefined);
    expect(payload.aud).toBe('https://github.com/acme');
    expect(payload).not.toHaveProperty('environment');
  });

  it.each<[string, Partial<Job>, string]>([
    ['a branch', { ref: 'refs/heads/main' }, 'repo:acme/web:ref:refs/heads/main'],
    ['a tag', { ref: 'refs/tags/v1' }, 'repo:acme/web:ref:refs/tags/v1'],
    ['a pull request', { eventName: 'pull_request' }, 'repo:acme/web:pull_request'],
    [
      'an environment, before all else',
      { environment: 'eu:prod', eventName: 'pull_request' },
      'repo:acme/web:environment:eu%3Aprod',
    ],
  ])('forms the subject of %s', (_name, job, subject) => {
    const some = { repository: 'acme/web', ref: 'refs/heads/main', eventName: 'push' };
    expect(subjectOf({ ...some, ...job })).toBe(subject);
  });

  it('refuses what the runner refuses', async () => {
    await using oidc = await startOidc();
    const url = oidc.env.ACTIONS_ID_TOKEN_REQUEST_URL;
    const authorization = `Bearer ${oidc.env.ACTIONS_ID_TOKEN_REQUEST_TOKEN}`;
    const statusOf = async (address: string, headers: Record<string, string>, method = 'GET') =>
      (await fetch(address, { headers, method })).status;
    expect(await statusOf(url, {})).toBe(401);
    expect(await statusOf(url, { authorization: 'Bearer wrong' })).toBe(401);
    expect(await statusOf(url, { authorization: authorization.slice(7) })).toBe(401);
    expect(await statusOf(url.replace(/\?.*/, ''), { authorization })).toBe(400);
    expect(await statusOf(url, { authorization }, 'POST')).toBe(405);
    expect(await statusOf(url, { authorization })).toBe(200);
    oidc.endJob();
    expect(await statusOf(url, { authorization })).toBe(401);
    expect(oidc.issued).toHaveLength(1);
  });

  it('mints tokens that are wrong on purpose', async () => {
    await using oidc = await startOidc();
    const keys = createRemoteJWKSet(new URL(`${oidc.issuer}/.well-known/jwks`));
    const expired = await oidc.mint('a', { exp: 1 });
    await expect(jwtVerify(expired, keys)).rejects.toThrow('"exp" claim timestamp check failed');
    await using other = await startOidc();
    const foreign = await other.mint('a', { iss: oidc.issuer });
    await expect(jwtVerify(foreign, keys)).rejects.toThrow('no applicable key found');
  });
});
