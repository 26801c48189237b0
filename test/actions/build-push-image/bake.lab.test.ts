import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { cacheTag } from '../../../actions/build-push-image/src/caches/cacheTag.ts';
import { silent } from '../../../shared/log/Log.ts';
import { addresses } from '../../lab/addresses.ts';
import { startBuildkit } from '../../lab/buildkit/startBuildkit.ts';
import { labContext } from '../../lab/lab.ts';
import { digestOf, type Workspace, workspace } from './workspace.ts';

const base = `${addresses.registry}/library/busybox:1.36`;
const nowhere = 'unix:///nowhere/buildkitd.sock';
const random = () => Math.random().toString(36).slice(2);

/** A chain of two, and one beside it, as the platform's containers are built. */
function chain(): Workspace {
  const id = random();
  return workspace({
    'base/Dockerfile': `FROM ${base}\nCOPY a.txt /\nRUN echo "ran base ${id}"\n`,
    'base/a.txt': id,
    'web/Dockerfile': `FROM base\nCOPY b.txt /\nRUN test -e /a.txt && echo "ran web ${id}"\n`,
    'web/b.txt': id,
    'docker-bake.hcl': `
variable "IMAGE" {}
group "default" { targets = ["base", "web", "api"] }
target "base" {
  context = "base"
  platforms = ["linux/amd64"]
  tags = ["\${IMAGE}-base:1"]
}
target "web" {
  context = "web"
  contexts = { base = "target:base" }
  platforms = ["linux/amd64"]
  tags = ["\${IMAGE}-web:1"]
}
target "api" {
  dockerfile-inline = "FROM ${base}\\nRUN echo 'ran api ${id}'"
  platforms = ["linux/amd64"]
  tags = ["\${IMAGE}-api:1"]
}
`,
  });
}

function bake(space: Workspace, inputs: Record<string, string> = {}) {
  return space.build({
    inputs: { image: '', 'bake-file': 'docker-bake.hcl', push: 'true', cache: 'off', ...inputs },
    env: { IMAGE: space.image, GITHUB_REF: 'refs/heads/main', GITHUB_EVENT_NAME: 'push' },
  });
}

const ranIn = (log: string) =>
  [...log.matchAll(/^ +ran (base|web|api) \w+$/gm)].map(([, name]) => name).sort();

describe('bake', () => {
  it('finds what is built already, and builds only the rest, on what was found', async () => {
    using space = chain();
    const first = await bake(space);
    expect(first.annotations).toEqual([]);
    expect(first.exitCode).toBe(0);
    expect(first.outputs.built).toBe('true');
    expect(first.log).not.toContain('It will not be found again');
    const images = JSON.parse(first.outputs.json ?? '');
    expect(Object.keys(images)).toEqual(['base', 'web', 'api'].sort());

    const second = await bake(space, { builder: nowhere });
    expect(second.annotations).toEqual([]);
    expect(second.exitCode).toBe(0);
    expect(second.outputs.built).toBe('false');
    expect(JSON.parse(second.outputs.json ?? '')).toEqual(images);
    expect(second.summary).toContain('3 found');

    writeFileSync(join(space.folder, 'web/b.txt'), random());
    const third = await bake(space);
    expect(third.exitCode).toBe(0);
    expect(third.outputs.built).toBe('true');
    expect(ranIn(third.log)).toEqual(['web']);
    expect(third.log).not.toContain('It will not be found again');
    const changed = JSON.parse(third.outputs.json ?? '');
    expect(changed).toMatchObject({ base: images.base, api: images.api });
    expect(changed.web).not.toBe(images.web);
    expect(changed.web).toBe(`${space.image}-web@${await digestOf(`${space.image}-web`, '1')}`);
    expect(third.summary).toContain('1 target built, 2 found');

    const fourth = await bake(space, { builder: nowhere });
    expect(JSON.parse(fourth.outputs.json ?? '')).toEqual(changed);
  }, 120_000);

  it('builds all of a chain whose bottom has changed, and one target alone', async () => {
    using space = chain();
    await bake(space);
    writeFileSync(join(space.folder, 'base/a.txt'), random());
    const alone = await bake(space, { 'bake-targets': 'web' });
    expect(alone.exitCode).toBe(0);
    // What it builds on was not asked for, and is not pushed.
    expect(Object.keys(JSON.parse(alone.outputs.json ?? ''))).toEqual(['web']);
    expect(alone.outputs.reference).toMatch(/-web@sha256:/);
    expect(alone.outputs.tags).toBe(`${space.image}-web:1`);
    const found = await bake(space, { 'bake-targets': 'web', builder: nowhere });
    expect(found.outputs).toMatchObject({ built: 'false', digest: alone.outputs.digest });
  }, 120_000);

  it.each<[string, Record<string, string>, string]>([
    ['no-cache', { 'no-cache': 'true' }, 'no-cache asks for a build'],
    ['skip-unchanged off', { 'skip-unchanged': 'false' }, 'skip-unchanged is off'],
    ['max-age', { 'max-age': '1ms' }, 'and max-age allows less than a minute'],
    [
      'an output of its own',
      { 'bake-set': 'api.output=type=local,dest=out' },
      'asks for more than',
    ],
    ['another argument', { 'bake-set': 'api.args.X=1' }, 'no image was built from these inputs'],
  ])(
    'builds again with %s',
    async (_, inputs, because) => {
      using space = chain();
      await bake(space, { 'bake-targets': 'api' });
      const again = await bake(space, { 'bake-targets': 'api', ...inputs });
      expect(again.exitCode).toBe(0);
      expect(again.outputs.built).toBe('true');
      expect(again.log).toContain(because);
    },
    90_000,
  );

  it.each<[string, Record<string, string>, string[], number]>([
    ['refuses', {}, ['error'], 1],
    ['warns of', { 'secret-build-args': 'warn' }, ['warning'], 0],
    ['allows', { 'secret-build-args': 'allow' }, [], 0],
  ])(
    '%s a secret among the arguments of the file',
    async (_, inputs, levels, exitCode) => {
      using space = workspace({
        'docker-bake.json': JSON.stringify({
          target: {
            web: {
              ...{ 'dockerfile-inline': 'FROM scratch\nARG NPM_TOKEN\n' },
              args: { NPM_TOKEN: 'npm_s3cret' },
            },
          },
        }),
      });
      const step = await space.build({
        inputs: {
          ...{ image: '', 'bake-file': 'docker-bake.json', 'bake-targets': 'web', push: 'false' },
          ...inputs,
        },
      });
      expect(step.exitCode).toBe(exitCode);
      // BuildKit's own check warns in words of its own.
      const told = step.annotations.filter(({ message }) =>
        message.startsWith('The argument NPM_TOKEN of the target web should be a secret'),
      );
      expect(told.map(({ level }) => level)).toEqual(levels);
    },
    60_000,
  );

  it('keeps layers and cache mounts of each target for a builder that is new', async () => {
    const id = random();
    using space = workspace({
      'base/Dockerfile': `FROM ${base}\nRUN echo "ran base ${id}"\n`,
      'web/Dockerfile': `FROM base\nRUN echo "ran web ${id}"\nARG N\nRUN --mount=type=cache,id=${id},target=/c echo "had $(cat /c/x) $N" && echo ${id} > /c/x\n`,
      'docker-bake.hcl': `
variable "IMAGE" {}
target "base" { context = "base" }
target "default" {
  context = "web"
  contexts = { base = "target:base" }
  tags = ["\${IMAGE}:1"]
}
`,
    });
    const lab = labContext(silent);
    const on = async (n: string) => {
      await using buildkit = await startBuildkit(lab);
      return await bake(space, {
        ...{ cache: '', builder: buildkit.address, 'cache-mounts': 'persist' },
        'bake-set': `default.args.N=${n}`,
      });
    };
    const first = await on('1');
    expect(first.annotations).toEqual([]);
    expect(ranIn(first.log)).toEqual(['base', 'web']);
    for (const kind of ['buildcache', 'cachemounts'] as const) {
      const tag = cacheTag(kind, 'main', ['default']);
      expect(await digestOf(space.image, tag)).toBeDefined();
    }
    const second = await on('2');
    expect(second.annotations).toEqual([]);
    expect(ranIn(second.log)).toEqual([]);
    expect(second.log).toContain(`had ${id} 2`);
  }, 180_000);
});
