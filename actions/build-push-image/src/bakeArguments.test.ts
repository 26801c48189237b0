import { describe, expect, it } from '@jest/globals';
import { bakeEnvironment } from './bake/bakeEnvironment.ts';
import { bakeProvenance } from './bake/bakeProvenance.ts';
import { readTargets } from './bake/readTargets.ts';
import { type BakePlan, bakeArguments, printArguments } from './bakeArguments.ts';
import { exampleEvent } from './metadata/exampleEvent.ts';

const plain: BakePlan = {
  ...{ files: [], targets: [], set: [], secrets: [], allow: [], noCache: false, pull: false },
  ...{ output: 'none', provenance: undefined, sbom: undefined },
};
const ending = ['--progress', 'rawjson', '--metadata-file', '/m.json'];

describe('bakeArguments', () => {
  it.each<[string, Partial<BakePlan>, string[]]>([
    ['nothing said', {}, ending],
    [
      'files',
      { files: ['/a.hcl', '/b.json'] },
      ['--file', '/a.hcl', '--file', '/b.json', ...ending],
    ],
    ['targets, at the end', { targets: ['web', 'api'] }, [...ending, 'web', 'api']],
    ['overrides', { set: ['*.args.A=1 2'] }, ['--set', '*.args.A=1 2', ...ending]],
    ['entitlements', { allow: ['network.host'] }, ['--allow', 'network.host', ...ending]],
    ['no cache', { noCache: true, pull: true }, ['--no-cache', '--pull', ...ending]],
    ['a push', { output: 'push' }, ['--push', ...ending]],
    ['a load', { output: 'load' }, ['--load', ...ending]],
    [
      'attestations',
      { provenance: 'mode=max', sbom: 'true' },
      ['--provenance', 'mode=max', '--sbom', 'true', ...ending],
    ],
  ])('%s', (_, more, expected) => {
    const builder = { prefix: [], name: undefined };
    const { args } = bakeArguments({ ...plain, ...more }, builder, '/m.json');
    expect(args).toEqual(['bake', ...expected]);
  });

  it('names the builder, by docker', () => {
    const { args } = bakeArguments(plain, { prefix: ['buildx'], name: 'own' }, '/m.json');
    expect(args).toEqual(['buildx', 'bake', '--builder', 'own', ...ending]);
  });

  it('names secrets, whose values are in variables', () => {
    const secrets = [
      { id: 'token', value: 's3cret' },
      { id: 'file', file: '/run/key' },
    ];
    const expected = ['*.secrets+=id=token,env=BUILD_SECRET_0', '*.secrets+=id=file,src=/run/key'];
    for (const command of [
      bakeArguments({ ...plain, secrets }, { prefix: [], name: undefined }, '/m.json'),
      printArguments({ ...plain, secrets }, { prefix: [] }),
    ]) {
      expect(command.env).toEqual({ BUILD_SECRET_0: 's3cret' });
      expect(command.args).toEqual(expect.arrayContaining(expected));
      expect(command.args.join(' ')).not.toContain('s3cret');
    }
  });

  it('only says what would be built', () => {
    const definition = { ...plain, files: ['/a.hcl'], targets: ['web'], set: ['web.pull=true'] };
    expect(printArguments(definition, { prefix: ['buildx'] }).args).toEqual([
      ...['buildx', 'bake', '--print', '--file', '/a.hcl', '--set', 'web.pull=true', 'web'],
    ]);
  });
});

describe('what bake attests', () => {
  const target = (attest?: unknown[]) =>
    readTargets(JSON.stringify({ target: { web: { tags: ['r.io/web:1'], attest } } }));
  const event = exampleEvent('refs/heads/main');
  const env = { GITHUB_SERVER_URL: 'https://g.io', GITHUB_REPOSITORY: 'a/b', GITHUB_RUN_ID: '1' };

  it.each<[string, string | undefined, unknown[] | undefined, boolean, string | undefined]>([
    ['as given', 'false', undefined, true, 'false'],
    [
      'with who built it',
      'mode=max',
      [],
      true,
      'mode=max,builder-id=https://g.io/a/b/actions/runs/1',
    ],
    ['nothing where the file says it', undefined, [{ type: 'provenance' }], true, undefined],
    ['nothing in an image that cannot hold it', undefined, undefined, false, undefined],
  ])('%s', (_, provenance, attest, canAttest, expected) => {
    expect(bakeProvenance({ provenance, event }, target(attest), canAttest, { env })).toBe(
      expected,
    );
  });

  it('by default', () => {
    const { visibility } = event.repository;
    const inputs = { provenance: undefined, event };
    expect(bakeProvenance(inputs, target(), true, { env: {} })).toBe(
      visibility === 'public' ? 'mode=max' : 'mode=min,inline-only=true',
    );
  });
});

it('the variables of a bake file are those of the step, without what is the runner’s', () => {
  const env = {
    TAG: '1',
    GITHUB_SHA: 'f',
    INPUT_PASSWORD: 'x',
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'y',
  };
  expect(bakeEnvironment(env)).toEqual({ TAG: '1', GITHUB_SHA: 'f' });
});
