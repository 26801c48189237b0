import { describe, expect, it } from '@jest/globals';
import { digestOf, workspace } from './workspace.ts';

const dockerfile = 'FROM busybox:1.36\nARG GREETING=none\nRUN echo "$GREETING" > /greeting\n';

describe('a build', () => {
  it('is pushed under the default tags, and its digest is what the registry has', async () => {
    using space = workspace({ Dockerfile: dockerfile });
    const step = await space.build({ inputs: { 'build-args': 'GREETING=hello there' } });
    expect(step.annotations).toEqual([]);
    expect(step.exitCode).toBe(0);
    const { digest, reference, tags, metadata } = step.outputs;
    expect(reference).toBe(`${space.image}@${digest}`);
    const names = ['0123456789abcdef0123456789abcdef01234567', '01234567', 'main'];
    expect(tags?.split('\n')).toEqual(names.map((name) => `${space.image}:${name}`));
    for (const name of names) expect(await digestOf(space.image, name)).toBe(digest);
    expect(JSON.parse(metadata ?? '')['containerimage.digest']).toBe(digest);
    expect(step.log).toContain('RUN echo "hello there"');
    expect(step.summary).toContain('built and pushed');
  }, 60_000);

  it('takes its own tags, its Dockerfile and its context from anywhere', async () => {
    using space = workspace({
      'docker/web.Dockerfile': 'FROM busybox:1.36\nCOPY a.txt /\n',
      'src/a.txt': 'a',
    });
    const step = await space.build({
      inputs: {
        context: 'src',
        file: 'docker/web.Dockerfile',
        tags: `1.4.2\n${space.image}-alias:x`,
      },
    });
    expect(step.outputs.tags).toBe(`${space.image}:1.4.2\n${space.image}-alias:x`);
    expect(await digestOf(`${space.image}-alias`, 'x')).toBe(step.outputs.digest);
  }, 60_000);

  it('hands on a reference that is there, also where `tags` names only another repository', async () => {
    using space = workspace({ Dockerfile: dockerfile });
    const step = await space.build({ inputs: { tags: `${space.image}-other:1` } });
    const { reference, digest } = step.outputs;
    expect(reference).toBe(`${space.image}-other@${digest}`);
    expect(await digestOf(`${space.image}-other`, String(digest))).toBe(digest);
  }, 60_000);

  it('without a push leaves nothing in the registry, and has no reference', async () => {
    using space = workspace({ Dockerfile: dockerfile });
    const step = await space.build({ inputs: { push: 'false', tags: '1' } });
    expect(step.exitCode).toBe(0);
    expect(step.outputs.digest).toMatch(/^sha256:/);
    expect(step.outputs.reference).toBeUndefined();
    expect(await digestOf(space.image, '1')).toBeUndefined();
  }, 60_000);

  it('finds its builder in BUILDKIT_HOST', async () => {
    using space = workspace({ Dockerfile: dockerfile });
    const { builder } = await import('./workspace.ts');
    const step = await space.build({
      inputs: { builder: '', tags: '1' },
      env: { BUILDKIT_HOST: builder },
    });
    expect(step.exitCode).toBe(0);
  }, 60_000);

  it('does not let the output of a RUN step become a command of the runner', async () => {
    using space = workspace({
      Dockerfile: 'FROM busybox:1.36\nRUN echo "::error::not ours" && echo "::add-mask::busybox"\n',
    });
    const step = await space.build({ inputs: { tags: '1' } });
    expect(step.log).toContain('::error::not ours');
    expect(step.annotations).toEqual([]);
    expect(step.masks).toEqual([]);
  }, 60_000);
});
