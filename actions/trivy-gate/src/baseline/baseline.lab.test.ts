import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { deploymentPayload } from '../../../../shared/github/DeploymentRecord.ts';
import type { GetGitHub } from '../../../../shared/github/findDeployed.ts';
import { httpClient } from '../../../../shared/http/request.ts';
import { silent } from '../../../../shared/log/Log.ts';
import { parseReference, type Reference } from '../../../../shared/oci/Reference.ts';
import { RegistryClient } from '../../../../shared/oci/RegistryClient.ts';
import { type GitHub, startGitHub } from '../../../../test/lab/doubles/github.ts';
import { pushImage } from '../../../../test/lab/registry/pushImage.ts';
import type { BaselineTarget } from './findBaseline.ts';
import { findEffects } from './findEffects.ts';
import { parseBaseline } from './parseBaseline.ts';
import { resolveBaseline } from './resolveBaseline.ts';

const repository = `baseline/${randomUUID()}`;
const http = httpClient({ env: {}, log: silent });
let github: GitHub;
let base: string;
let subject: Reference;

beforeAll(async () => {
  github = await startGitHub({
    repositories: [{ fullName: 'acme/web' }],
    tokens: { writer: { deployments: 'write' } },
  });
  base = await pushImage({ repository, tag: 'release-1.x', files: { base: '1' } });
  subject = parseReference(await pushImage({ repository, files: { change: '2' } }));
});
afterAll(async () => {
  await github[Symbol.asyncDispose]();
});

async function ask(method: 'GET' | 'POST', path: string, body?: unknown) {
  const answer = await http({
    method,
    url: `${github.url}${path}`,
    headers: { authorization: 'Bearer writer' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: JSON.parse(answer.body.toString()) as unknown };
}

const get: GetGitHub = (path) => ask('GET', path);

async function resolve(given: string) {
  const inspected: BaselineTarget[] = [];
  const registry = new RegistryClient({ http, credentialFor: async () => undefined });
  const baseline = await resolveBaseline(await parseBaseline(given), subject, {
    ...findEffects({
      registry,
      get,
      repository: 'acme/web',
      currentBranch: undefined,
      cluster: undefined,
    }),
    inspect: async (target) => {
      inspected.push(target);
      return { subject: '', findings: [], gaps: [], notices: [], facts: [] };
    },
  });
  return { ...baseline, inspected };
}

describe('a baseline', () => {
  it('of a branch is what its tag names in the registry', async () => {
    const { name, gaps } = await resolve('branch:release/1.x');
    expect([name, gaps]).toEqual([`the branch release/1.x (${base})`, []]);
  });

  it('of a branch without an image makes all new', async () => {
    const { inspected, notices, gaps } = await resolve('branch:topic');
    expect([inspected, gaps]).toEqual([[], []]);
    expect(notices[0]).toContain(':topic is not in the registry yet');
  });

  it('of an image that is not there is a gap', async () => {
    const { gaps } = await resolve(`${base.split('@')[0]}:none`);
    expect(gaps[0]?.what).toContain('is not in the registry');
  });

  it('of an environment is what the newest successful deployment says', async () => {
    expect((await resolve('environment:production')).notices[0]).toContain('Nothing was deployed');
    const payload = deploymentPayload({ images: [{ name: 'web', reference: base }] });
    const { body } = await ask('POST', '/repos/acme/web/deployments', {
      ref: 'main',
      environment: 'production',
      required_contexts: [],
      payload,
    });
    const path = `/repos/acme/web/deployments/${(body as { id: number }).id}/statuses`;
    await ask('POST', path, { state: 'success' });
    const { name, gaps } = await resolve('environment:production');
    expect([name, gaps]).toEqual([`the environment production (${base})`, []]);
  });

  it('of an environment that GitHub does not tell is a gap', async () => {
    github.repository('acme/web').deployments.length = 0;
    github.state.tokens.set('writer', { permissions: {} });
    const { gaps } = await resolve('environment:production');
    expect(gaps[0]?.what).toContain('The deployments of acme/web could not be read (403)');
    expect(gaps[0]?.remedy).toContain('deployments: read');
  });
});
