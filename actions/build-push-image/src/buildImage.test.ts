import { describe, expect, it } from '@jest/globals';
import { parseReference } from '../../../shared/oci/Reference.ts';
import { buildArguments } from './buildArguments.ts';
import { defaultTags } from './defaultTags.ts';
import { explainBuildFailure } from './explainBuildFailure.ts';
import type { Inputs } from './inputs.ts';

const sha = '0123456789abcdef0123456789abcdef01234567';

describe('defaultTags', () => {
  it.each([
    ['a branch', { GITHUB_REF: 'refs/heads/main' }, [sha, '01234567', 'main']],
    [
      'a branch with a slash',
      { GITHUB_REF: 'refs/heads/feature/Map_1' },
      [sha, '01234567', 'feature-Map_1'],
    ],
    ['a git tag', { GITHUB_REF: 'refs/tags/v1.2.3' }, [sha, '01234567', 'v1.2.3']],
    ['a pull request', { GITHUB_REF: 'refs/pull/7/merge' }, [sha, '01234567', 'pr-7']],
    [
      'a name that no tag may begin with',
      { GITHUB_REF: 'refs/heads/.hidden' },
      [sha, '01234567', 'hidden'],
    ],
    [
      'a long name',
      { GITHUB_REF: `refs/heads/${'a'.repeat(200)}` },
      [sha, '01234567', 'a'.repeat(128)],
    ],
  ])('%s', (_name, env, expected) => {
    expect(defaultTags({ GITHUB_SHA: sha, ...env })).toEqual(expected);
  });

  it('is latest where nothing is known', () => {
    expect(defaultTags({})).toEqual(['latest']);
  });
});

const inputs: Inputs = {
  image: parseReference('r.io/web'),
  context: '/w',
  file: undefined,
  tags: [parseReference('r.io/web:1')],
  buildArgs: [],
  push: true,
  builder: undefined,
};
const remote = { prefix: [], name: 'platform-actions' };
const rest = ['--progress', 'plain', '--metadata-file', '/t/m.json', '--output'];

describe('buildArguments', () => {
  it.each<
    [string, Partial<Inputs>, { prefix: readonly string[]; name: string | undefined }, string[]]
  >([
    [
      'the least',
      {},
      remote,
      [
        'build',
        '--builder',
        'platform-actions',
        '--tag',
        'r.io/web:1',
        ...rest,
        'type=registry',
        '/w',
      ],
    ],
    [
      "docker's own buildx and its current builder",
      {},
      { prefix: ['buildx'], name: undefined },
      ['buildx', 'build', '--tag', 'r.io/web:1', ...rest, 'type=registry', '/w'],
    ],
    [
      'everything',
      {
        file: '/w/docker/Dockerfile',
        tags: [parseReference('r.io/web:1'), parseReference('other.io/web:2')],
        buildArgs: ['A=1', 'B=x y'],
        push: false,
      },
      remote,
      [
        ...['build', '--builder', 'platform-actions', '--file', '/w/docker/Dockerfile'],
        ...[
          '--tag',
          'r.io/web:1',
          '--tag',
          'other.io/web:2',
          '--build-arg',
          'A=1',
          '--build-arg',
          'B=x y',
        ],
        ...rest,
        'type=image,push=false',
        '/w',
      ],
    ],
  ])('%s', (_name, change, builder, expected) => {
    expect(buildArguments({ ...inputs, ...change }, builder, '/t/m.json')).toEqual(expected);
  });
});

const excerpt = (line: number) =>
  `Dockerfile:${line}\n--------------------\n   ${line} | >>> X\n--------------------\n`;
const failed = 'ERROR: failed to build: failed to solve: ';

/** The outputs are as BuildKit 0.34.2 printed them. */
describe('explainBuildFailure', () => {
  it.each<[string, string, { what: RegExp; why?: RegExp; line?: number }]>([
    [
      'a RUN step',
      `${excerpt(2)}${failed}process "/bin/sh -c echo hello && exit 3" did not complete successfully: exit code: 3`,
      { what: /stopped at `RUN echo hello && exit 3`, which ended with exit code 3/, line: 2 },
    ],
    [
      'a base image that does not exist',
      `${excerpt(1)}${failed}no-such-image:1: failed to resolve source metadata for docker.io/library/no-such-image:1: docker.io/library/no-such-image:1: not found`,
      { what: /^The image docker\.io\/library\/no-such-image:1 .* does not exist/, line: 1 },
    ],
    [
      'a base image that may not be read',
      `${excerpt(1)}${failed}r.io/x:1: failed to resolve source metadata for r.io/x:1: failed to authorize: failed to fetch oauth token: unexpected status: 401 Unauthorized`,
      { what: /does not let r\.io\/x:1 be read/, line: 1 },
    ],
    [
      'a file that is not in the context',
      `${excerpt(2)}${failed}failed to compute cache key: failed to calculate checksum of ref 84::nt: "/missing.txt": not found`,
      { what: /^\/missing\.txt is not in the build context/, line: 2 },
    ],
    [
      'a Dockerfile that is wrong',
      `${excerpt(2)}${failed}dockerfile parse error on line 2: unknown instruction: FOO (did you mean FROM?)`,
      { what: /unknown instruction: FOO/, line: 2 },
    ],
    [
      'a registry that refuses the push',
      `${failed}failed to push r.io/web:1: failed to authorize: failed to fetch oauth token: unexpected status from GET request: 401 Unauthorized`,
      { what: /registry refused the push of r\.io\/web:1/ },
    ],
    [
      'a registry that is not there',
      `${failed}failed to push 127.0.0.1:9/x:1: failed to do request: Head "http://127.0.0.1:9/v2/": dial tcp 127.0.0.1:9: connect: connection refused`,
      { what: /127\.0\.0\.1:9\/x:1 could not be pushed/, why: /connection refused/ },
    ],
    [
      'a full disk',
      `${failed}failed to copy files: write /x: no space left on device`,
      { what: /disk is full/ },
    ],
    [
      'a builder that is not there',
      'ERROR: failed to build: context deadline exceeded',
      { what: /builder does not answer/ },
    ],
    [
      'an unknown builder',
      'ERROR: no builder "nosuch" found',
      { what: /There is no builder nosuch/ },
    ],
    [
      'something new',
      `${failed}the moon is full`,
      { what: /The build failed/, why: /the moon is full/ },
    ],
    ['nothing', '', { what: /The build failed/, why: /buildx said nothing/ }],
  ])('%s', (_name, output, expected) => {
    const { what, why, place, remedy } = explainBuildFailure(output, 'docker/Dockerfile');
    expect(what).toMatch(expected.what);
    expect(why ?? '').toMatch(expected.why ?? /.*/);
    expect(place).toEqual(expected.line && { file: 'docker/Dockerfile', line: expected.line });
    expect(remedy).toMatch(/\.$/);
  });
});
