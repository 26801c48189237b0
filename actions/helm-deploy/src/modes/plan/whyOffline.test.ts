import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
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
    const given = { kubeconfig: undefined };
    expect(await whyOffline(given, { HOME: folder, ...env })).toBe(expected);
  });

  it('not where a kubeconfig was given', async () => {
    const given = { kubeconfig: { text: '' } };
    expect(await whyOffline(given, { HOME: folder, GITHUB_EVENT_PATH: fork })).toBeUndefined();
  });
});
