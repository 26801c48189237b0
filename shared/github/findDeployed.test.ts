import { Buffer } from 'node:buffer';
import { describe, expect, it } from '@jest/globals';
import { makeGitHub } from '../../test/lab/doubles/github.ts';
import { deploymentPayload, readDeploymentPayload } from './DeploymentRecord.ts';
import { findDeployed, type GetGitHub } from './findDeployed.ts';

const sha = 'f'.repeat(40);
const image = { name: 'web', reference: `acme.io/web@sha256:${'a'.repeat(64)}` };
const other = { name: 'web', reference: `acme.io/web@sha256:${'b'.repeat(64)}` };
const ours = deploymentPayload({ images: [image] });

/** What is deployed, oldest first: the payload, and the states it goes through. */
type Story = readonly (readonly [payload: unknown, ...states: string[]])[];

async function github(story: Story, permissions: object = { deployments: 'write' }) {
  const double = makeGitHub({
    repositories: [{ fullName: 'acme/web', refs: { main: sha } }],
    tokens: { writer: { deployments: 'write' }, token: permissions },
  });
  const ask = async (token: string, method: string, path: string, body?: unknown) => {
    const { pathname, searchParams } = new URL(path, 'https://api');
    const { status, body: answer } = double.handle({
      method,
      path: pathname,
      query: searchParams,
      headers: { authorization: `Bearer ${token}`, 'user-agent': 'test' },
      body: Buffer.from(body === undefined ? '' : JSON.stringify(body)),
      origin: 'https://api',
    }) as { status: number; body: unknown };
    return { status, body: answer };
  };
  for (const [payload, ...states] of story) {
    const { body } = await ask('writer', 'POST', '/repos/acme/web/deployments', {
      ref: 'main',
      environment: 'production',
      required_contexts: [],
      payload,
    });
    const { id } = body as { id: number };
    for (const state of states) {
      await ask('writer', 'POST', `/repos/acme/web/deployments/${id}/statuses`, { state });
    }
  }
  const get: GetGitHub = (path) => ask('token', 'GET', path);
  return { get, double };
}

describe('what an environment runs', () => {
  it.each<[string, Story, readonly object[] | string]>([
    ['never deployed to', [], 'never'],
    ['one success', [[ours, 'in_progress', 'success']], [image]],
    [
      'the newest success',
      [
        [ours, 'success'],
        [deploymentPayload({ images: [other] }), 'success'],
      ],
      [other],
    ],
    [
      'one before what failed',
      [
        [ours, 'success'],
        [deploymentPayload({ images: [other] }), 'failure'],
      ],
      [image],
    ],
    [
      'one before what runs',
      [
        [ours, 'success'],
        [deploymentPayload({ images: [other] }), 'in_progress'],
      ],
      [image],
    ],
    [
      'one before what has no status',
      [[ours, 'success'], [deploymentPayload({ images: [other] })]],
      [image],
    ],
    [
      'one beside those of others',
      [
        [ours, 'success'],
        [{}, 'success'],
        ['{', 'success'],
      ],
      [image],
    ],
    ['one whose payload is text', [[JSON.stringify(ours), 'success']], [image]],
    [
      'only those of others',
      [
        [{}, 'success'],
        [{ platformActions: { images: 'x' } }, 'success'],
      ],
      'unrecorded',
    ],
    ['what was retired', [[ours, 'success', 'inactive']], 'unrecorded'],
  ])('%s', async (_, story, expected) => {
    const { get } = await github(story);
    const found = await findDeployed(get, 'acme/web', 'production');
    expect('none' in found ? found.none : found.images).toEqual(expected);
    expect(await findDeployed(get, 'acme/web', 'staging')).toEqual({ none: 'never' });
  });

  it('is looked for on further pages', async () => {
    const { get, double } = await github([
      [ours, 'success'],
      ...Array.from({ length: 100 }, () => [{}, 'success'] as const),
    ]);
    expect(await findDeployed(get, 'acme/web', 'production')).toMatchObject({ images: [image] });
    const asked = double.requests.filter(({ method }) => method === 'GET');
    expect(asked).toHaveLength(3);
  });

  it.each<[string, object, string]>([
    ['acme/web', {}, 'deployments: read'],
    ['acme/none', { deployments: 'read' }, 'could not be read (404)'],
  ])('of %s that may not be read is a failure', async (repository, permissions, said) => {
    const { get } = await github([], permissions);
    await expect(findDeployed(get, repository, 'production')).rejects.toThrow(said);
  });

  it.each([[[{ id: 'x' }]], [{}], [undefined]])('that is %j is a failure', async (body) => {
    const get: GetGitHub = async () => ({ status: 200, body });
    await expect(findDeployed(get, 'acme/web', 'production')).rejects.toThrow('cannot be read');
  });
});

describe('the payload of a deployment', () => {
  it('is read as it was written', () => {
    expect(readDeploymentPayload(deploymentPayload({ images: [image, other] }))).toEqual({
      images: [image, other],
    });
  });
});
