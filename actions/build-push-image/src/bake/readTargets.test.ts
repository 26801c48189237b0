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
