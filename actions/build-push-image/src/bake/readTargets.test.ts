import { describe, expect, it } from '@jest/globals';
import { formatReference } from '../../../../shared/oci/Reference.ts';
import { readBaked } from './BakedTarget.ts';
import { readTargets } from './readTargets.ts';
import { dockerfileOf } from './runBake.ts';

const digest = `sha256:${'a'.repeat(64)}`;
const [web, api] = readTargets(
  JSON.stringify({
    group: { default: { targets: ['web', 'api'] } },
    target: {
      web: {
        ...{ context: 'web', dockerfile: 'Dockerfile', tags: ['r.io/web:1', 'r.io/web:2'] },
        ...{ platforms: ['linux/amd64'], output: [{ type: 'registry' }], attest: [{}] },
      },
      api: { context: 'https://g.io/a/b.git', 'dockerfile-inline': 'FROM scratch' },
    },
  }),
);

describe('readTargets', () => {
  it('reads what is told, and docker’s defaults where nothing is', () => {
    expect(web).toMatchObject({ name: 'web', hasOutput: true, attests: true });
    expect(web?.tags.map(formatReference)).toEqual(['r.io/web:1', 'r.io/web:2']);
    expect(api).toMatchObject({ dockerfile: 'Dockerfile', tags: [], hasOutput: false });
  });

  it.each<[object, string | undefined]>([
    [{}, 'web/Dockerfile'],
    [{ dockerfile: '../docker/web.Dockerfile' }, 'docker/web.Dockerfile'],
    [{ context: '/work' }, 'Dockerfile'],
    [{ dockerfile: '/elsewhere/Dockerfile' }, undefined],
    [{ context: 'https://g.io/a/b.git' }, undefined],
  ])('%j: the Dockerfile is %s', (changed, expected) => {
    const target = { ...(web as NonNullable<typeof web>), ...changed };
    expect(dockerfileOf(target, { GITHUB_WORKSPACE: '/work' })).toBe(expected);
  });
});

describe('what is asked for', () => {
  const given = (group: object | undefined) =>
    readTargets(JSON.stringify({ group, target: { base: {}, web: {}, api: {}, default: {} } }))
      .filter(({ asked }) => asked)
      .map(({ name }) => name);

  it.each<[string, object | undefined, string[]]>([
    ['targets', { default: { targets: ['web', 'api'] } }, ['web', 'api']],
    ['groups of groups', { default: { targets: ['a'] }, a: { targets: ['web'] } }, ['web']],
    ['groups that name each other', { default: { targets: ['a'] }, a: { targets: ['a'] } }, []],
    ['a target called as its group', { default: { targets: ['default'] } }, ['default']],
    ['all, where buildx does not tell', undefined, ['base', 'web', 'api', 'default']],
  ])('%s', (_, group, expected) => {
    expect(given(group)).toEqual(expected);
  });
});

it.each<[unknown[], boolean]>([
  [[], false],
  [[{ type: 'registry' }], false],
  [[{ type: 'image', push: 'true' }], false],
  [[{ type: 'image', push: 'true', name: 'r.io/other' }], true],
  [[{ type: 'image' }], true],
  [[{ type: 'registry' }, { type: 'local', dest: 'out' }], true],
  [[{ type: 'cacheonly' }], true],
])('the output %j is more than an image in a registry: %s', (output, expected) => {
  const [target] = readTargets(JSON.stringify({ target: { web: { output } } }));
  expect(target?.hasOtherOutput).toBe(expected);
});

describe('readBaked', () => {
  const targets = [web, api].filter((one) => one !== undefined);
  const metadata = JSON.stringify({
    web: { 'containerimage.digest': digest },
    'buildx.build.warnings': [],
  });

  it('gives the reference of what was pushed, and the digest of what was not', () => {
    const [pushed, nothing] = readBaked(targets, metadata, true);
    expect(pushed?.reference && formatReference(pushed.reference)).toBe(`r.io/web@${digest}`);
    expect(nothing).toMatchObject({ digest: undefined, reference: undefined });
    expect(readBaked(targets, metadata, false)[0]).toMatchObject({ digest, reference: undefined });
  });
});
