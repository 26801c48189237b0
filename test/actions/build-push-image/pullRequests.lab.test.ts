import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { addresses } from '../../lab/addresses.ts';
import { startFaultProxy } from '../../lab/faults/faultProxy.ts';
import { randomDockerfile, valuesOf } from './randomStep.ts';
import { digestOf, workspace } from './workspace.ts';

/** What the runner says of a pull request from this repository. */
const from = (repository: string) => ({
  repository: { full_name: 'acme/web', default_branch: 'main', visibility: 'public' },
  pull_request: {
    number: 7,
    head: { ref: 'fix', sha: 'a'.repeat(40), repo: { full_name: repository } },
    base: { ref: 'main', repo: { full_name: 'acme/web' } },
  },
});

interface Case {
  readonly event?: string;
  readonly payload: object;
  readonly env?: Readonly<Record<string, string>>;
}

async function build({ event = 'pull_request', payload, env }: Case, name?: string) {
  await using proxy = await startFaultProxy({ target: `http://${addresses.registry}` });
  using space = workspace({ Dockerfile: randomDockerfile() });
  const file = join(space.folder, 'event.json');
  writeFileSync(file, JSON.stringify(payload));
  const image = space.image.replace(addresses.registry, proxy.address);
  const step = await space.build({
    inputs: { image: name ?? image },
    env: {
      GITHUB_EVENT_NAME: event,
      GITHUB_EVENT_PATH: file,
      GITHUB_REF: 'refs/pull/7/merge',
      GITHUB_BASE_REF: 'main',
      GITHUB_HEAD_REF: 'fix',
      ...env,
    },
  });
  const written = proxy.requests.filter(({ method }) => method !== 'GET' && method !== 'HEAD');
  return { step, image: space.image, written };
}

describe('a pull request', () => {
  it.each<[string, Case, string]>([
    ['a fork', { payload: from('somebody/web') }, 'a pull request from a fork'],
    [
      'Dependabot',
      { payload: from('acme/web'), env: { GITHUB_ACTOR: 'dependabot[bot]' } },
      'a pull request from Dependabot',
    ],
    [
      'a fork that has been deleted',
      { payload: { ...from(''), pull_request: { number: 7, head: { repo: null } } } },
      'a pull request from a fork',
    ],
  ])(
    'from %s is built and not pushed, and the reason is told',
    async (_name, given, whose) => {
      const { step, image, written } = await build(given);
      expect(step.exitCode).toBe(0);
      expect(valuesOf(step)).toHaveLength(1);
      expect(step.annotations).toEqual([
        {
          level: 'notice',
          message: `The image is built and not pushed: ${whose} has neither secrets nor an identity of its own.`,
          properties: {},
        },
      ]);
      expect(step.outputs).toMatchObject({
        built: 'true',
        digest: expect.stringMatching(/^sha256:/),
      });
      expect(step.outputs.reference).toBeUndefined();
      expect(written).toEqual([]);
      expect(await digestOf(image, 'pr-7')).toBeUndefined();
    },
    60_000,
  );

  it('from a fork is built where the registry is a variable, which it does not get', async () => {
    const { step } = await build({ payload: from('somebody/web') }, '/web');
    expect(step.exitCode).toBe(0);
    expect(valuesOf(step)).toHaveLength(1);
    expect(step.annotations).toMatchObject([
      { level: 'notice', message: expect.stringContaining('The image is built and not pushed: ') },
    ]);
    expect(step.outputs).toMatchObject({ digest: expect.stringMatching(/^sha256:/), tags: '' });
  }, 60_000);

  it.each<[string, Case]>([
    ['of this repository', { payload: from('acme/web') }],
    [
      'that is built by the workflow of its base',
      {
        event: 'pull_request_target',
        payload: from('somebody/web'),
        env: { GITHUB_REF: 'refs/heads/main' },
      },
    ],
  ])(
    '%s is pushed under its own tag, and never under that of a branch',
    async (_name, given) => {
      const { step, image } = await build(given);
      expect(step.exitCode).toBe(0);
      expect(step.annotations).toEqual([]);
      expect(await digestOf(image, 'pr-7')).toBe(step.outputs.digest);
      expect(await digestOf(image, 'main')).toBeUndefined();
    },
    60_000,
  );
});
