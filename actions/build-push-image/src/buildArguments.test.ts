import { describe, expect, it } from '@jest/globals';
import { parseReference } from '../../../shared/oci/Reference.ts';
import { type BuildPlan, buildArguments } from './buildArguments.ts';
import type { Build } from './options/readBuild.ts';

const build: Build = {
  context: '/w',
  file: undefined,
  buildArgs: [],
  platforms: [],
  passedOn: {},
  attestations: { provenance: 'false', sbom: undefined, attests: [] },
  secrets: [],
  load: false,
  outputs: [],
  push: undefined,
  builder: undefined,
};
const plan: BuildPlan = {
  build,
  metadata: {
    version: '1',
    images: [],
    tags: [parseReference('r.io/web:1')],
    tagNames: ['1'],
    labels: {},
    annotations: [],
    json: '{}',
    warnings: [],
  },
  push: true,
  pushTimeoutMs: 1000,
  visibility: 'private',
  builderId: undefined,
};
const remote = { prefix: [], name: 'platform-actions', canAttest: true };
const off = ['--attest', 'type=provenance,disabled=true'];
const rest = ['--progress', 'rawjson', '--metadata-file', '/t/m.json'];
const tag = ['--tag', 'r.io/web:1'];

describe('buildArguments', () => {
  it.each<[string, Partial<BuildPlan>, Partial<Build>, Partial<typeof remote>, string[]]>([
    ['the least', {}, {}, {}, [...off, ...tag, ...rest, '--push']],
    [
      'no push',
      { push: false },
      {},
      {},
      [...off, ...tag, ...rest, '--output', 'type=image,push=false'],
    ],
    ['load', { push: false }, { load: true }, {}, [...off, ...tag, ...rest, '--load']],
    [
      'outputs',
      { push: false },
      { outputs: ['type=local,dest=out', 'type=tar,dest=a.tar'] },
      {},
      [
        ...off,
        ...tag,
        ...rest,
        '--output',
        'type=local,dest=out',
        '--output',
        'type=tar,dest=a.tar',
      ],
    ],
    [
      'outputs and a push',
      {},
      { outputs: ['type=image,compression=zstd'] },
      {},
      [...off, ...tag, ...rest, '--output', 'type=image,compression=zstd', '--push'],
    ],
    [
      'the Dockerfile',
      {},
      { file: '/w/a' },
      {},
      [...off, '--file', '/w/a', ...tag, ...rest, '--push'],
    ],
    [
      'build arguments, as they are',
      {},
      { buildArgs: ['A=1', 'B=x y'] },
      {},
      [...off, '--build-arg', 'A=1', '--build-arg', 'B=x y', ...tag, ...rest, '--push'],
    ],
    [
      'platforms',
      {},
      { platforms: ['linux/amd64', 'linux/arm64'] },
      {},
      [...off, '--platform', 'linux/amd64,linux/arm64', ...tag, ...rest, '--push'],
    ],
    [
      'labels and annotations',
      { metadata: { ...plan.metadata, labels: { a: 'b=c' }, annotations: ['index:x=y'] } },
      {},
      {},
      [...off, '--annotation', 'index:x=y', '--label', 'a=b=c', ...tag, ...rest, '--push'],
    ],
    [
      'no annotation and no default attestation where the builder can hold none',
      { metadata: { ...plan.metadata, annotations: ['index:x=y'] } },
      { attestations: { provenance: undefined, sbom: undefined, attests: [] } },
      { canAttest: false },
      [...tag, ...rest, '--push'],
    ],
    [
      'a secret, by a variable',
      {},
      { secrets: [{ id: 'T', value: 's3cret' }] },
      {},
      [...off, '--secret', 'id=T,env=BUILD_SECRET_0', ...tag, ...rest, '--push'],
    ],
  ])('%s', (_name, change, options, builder, expected) => {
    const made = buildArguments(
      { ...plan, ...change, build: { ...build, ...options } },
      { ...remote, ...builder },
      '/t/m.json',
    );
    expect(made.args).toEqual(['build', '--builder', 'platform-actions', ...expected, '/w']);
  });

  it("calls docker's own buildx and its current builder", () => {
    const docker = { prefix: ['buildx'], name: undefined, canAttest: false };
    const { args } = buildArguments(plan, docker, '/t/m.json', { extra: ['--cache-from', 'x'] });
    const cache = ['--cache-from', 'x'];
    expect(args).toEqual(['buildx', 'build', ...cache, ...off, ...tag, ...rest, '--push', '/w']);
  });

  it('exports from the cache: nothing runs anew, and nothing is pushed', () => {
    const anew = { 'no-cache': ['true'], pull: ['true'], target: ['prod'] };
    const again = { ...plan, build: { ...build, passedOn: anew } };
    const { args } = buildArguments(again, remote, '/t/m.json', {
      exportTo: '/t/l',
      extra: ['--x'],
    });
    expect(args).toEqual([
      ...['build', '--builder', 'platform-actions', '--target', 'prod', ...off, ...tag, ...rest],
      ...['--output', 'type=oci,tar=false,dest=/t/l', '/w'],
    ]);
  });

  it('never has a secret in it', () => {
    const secrets = [{ id: 'T', value: 's3cret' }];
    const made = buildArguments({ ...plan, build: { ...build, secrets } }, remote, '/t/m.json');
    expect(made.args.join(' ')).not.toContain('s3cret');
    expect(made.env).toEqual({ BUILD_SECRET_0: 's3cret' });
  });
});
