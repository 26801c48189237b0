import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { clouds } from '../../../../../shared/azure/clouds.ts';
import { whyOffline } from './whyOffline.ts';

const folder = mkdtempSync(join(tmpdir(), 'offline-'));
afterAll(() => rmSync(folder, { recursive: true }));
const event = (name: string, head: string) => {
  const path = join(folder, name);
  const repository = { full_name: 'acme/web' };
  const pull = { head: { repo: { full_name: head } } };
  writeFileSync(path, JSON.stringify({ repository, pull_request: pull }));
  return path;
};
const [own, fork] = [event('own.json', 'acme/web'), event('fork.json', 'you/web')];

const nothing = { kubeconfig: undefined, aks: undefined, identity: undefined };
const aks = {
  name: 'acme',
  ...{ resourceGroup: 'platform', subscription: '4', admin: false, arm: undefined },
};

describe('why a plan is made without a cluster', () => {
  it.each<[string, Record<string, string>, string | undefined]>([
    ['a fork', { GITHUB_EVENT_PATH: fork }, 'pull requests of forks'],
    [
      'Dependabot',
      { GITHUB_EVENT_PATH: own, GITHUB_ACTOR: 'dependabot[bot]' },
      'pull requests of Dependabot',
    ],
    ['a branch of its own: it should have one', { GITHUB_EVENT_PATH: own }, undefined],
    ['no pull request', {}, undefined],
    [
      'a fork, in a pod',
      { GITHUB_EVENT_PATH: fork, KUBERNETES_SERVICE_HOST: '10.0.0.1' },
      undefined,
    ],
  ])('%s', async (_name, env, expected) => {
    expect(await whyOffline({ cluster: nothing }, { HOME: folder, ...env })).toBe(expected);
  });

  it('not where a kubeconfig was given', async () => {
    const cluster = { ...nothing, kubeconfig: { text: '' } };
    expect(
      await whyOffline({ cluster }, { HOME: folder, GITHUB_EVENT_PATH: fork }),
    ).toBeUndefined();
  });

  it.each([
    ['an identity that the job of a fork has not', {}, 'pull requests of forks'],
    ['one that it has', { ACTIONS_ID_TOKEN_REQUEST_URL: 'https://token.test' }, undefined],
  ])('a cluster of AKS and %s', async (_name, env, expected) => {
    const identity = {
      by: 'oidc',
      ...{ cloud: clouds.public, tenant: 'acme.onmicrosoft.com', clientId: '2' },
    } as const;
    const own = { HOME: folder, GITHUB_EVENT_PATH: fork, ...env };
    expect(await whyOffline({ cluster: { ...nothing, aks, identity } }, own)).toBe(expected);
  });
});
