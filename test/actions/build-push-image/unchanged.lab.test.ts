import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { silent } from '../../../shared/log/Log.ts';
import { addresses } from '../../lab/addresses.ts';
import { startBuildkit } from '../../lab/buildkit/startBuildkit.ts';
import { startFaultProxy } from '../../lab/faults/faultProxy.ts';
import { labContext } from '../../lab/lab.ts';
import { digestOf, workspace } from './workspace.ts';

const base = `${addresses.registry}/library/busybox:1.36`;
const dockerfile = `FROM ${base} AS first\nARG A\nCOPY src /src\nRUN echo "$A" > /a\nFROM first\n`;
const files = { Dockerfile: dockerfile, 'src/a.txt': 'a', 'other.txt': 'no COPY reaches it' };
const nowhere = 'unix:///nowhere/buildkitd.sock';
const common = { tags: '1', platforms: 'linux/amd64', cache: 'off' };

describe('an image of the same inputs', () => {
  it.concurrent('is found and tagged, and no builder is asked', async () => {
    await using registry = await startFaultProxy({ target: `http://${addresses.registry}` });
    const many = Array.from({ length: 1000 }, (_, index) => [`src/${index}.txt`, `${index}`]);
    const from = dockerfile.replace(addresses.registry, registry.address);
    using space = workspace({ ...Object.fromEntries(many), Dockerfile: from });
    const image = space.image.replace(addresses.registry, registry.address);
    const first = await space.build({ inputs: { ...common, image } });
    expect(first.exitCode).toBe(0);
    expect(first.outputs.built).toBe('true');

    const before = registry.requests.length;
    const second = await space.build({
      // Of another commit, which changed nothing of this image.
      env: { GITHUB_SHA: 'f'.repeat(40) },
      inputs: { ...common, image, builder: nowhere, tags: '1\n2\n3' },
    });
    expect(second.annotations).toEqual([]);
    expect(second.exitCode).toBe(0);
    expect(second.outputs).toMatchObject({
      built: 'false',
      digest: first.outputs.digest,
      reference: `${image}@${first.outputs.digest}`,
      imageid: first.outputs.imageid,
      size: first.outputs.size,
      tags: [1, 2, 3].map((tag) => `${image}:${tag}`).join('\n'),
    });
    for (const tag of ['1', '2', '3'])
      expect(await digestOf(space.image, tag)).toBe(first.outputs.digest);
    const reason =
      'It was found: it was built from the same inputs less than a minute ago, of commit 01234567.';
    expect(second.log).toContain(reason);
    expect(second.summary).toContain(`found, not built again\n\n${reason}`);
    // What it says of itself is what it was really built from.
    expect(second.outputs.labels).toBe(first.outputs.labels);
    expect(second.outputs.labels).toContain('revision=0123456789');
    const [json, earlier] = [second, first].map(({ outputs }) => JSON.parse(outputs.json ?? ''));
    expect(json).toMatchObject({ labels: earlier.labels, annotations: earlier.annotations });
    expect(json['tag-names']).toEqual(['1', '2', '3']);
    const asked = registry.requests.slice(before).map(({ method, path }) => `${method} ${path}`);
    const shown = `${asked.length} requests in ${Math.round(second.durationMs)} ms`;
    process.stderr.write(`unchanged, 1,000 files, 3 tags: ${shown}\n`);
    // Four, one more a tag, and two a base image.
    expect(asked.length).toBeLessThanOrEqual(4 + 3 + 2);
  }, 60_000);

  it.concurrent.each([
    ['the default tags', ''],
    ['a version that is the commit', 'type=sha'],
    [
      'a version that is the whole commit, with a branch',
      'type=sha,format=long\ntype=ref,event=branch',
    ],
  ])(
    'is found at the next commit with %s',
    async (_name, tags) => {
      using space = workspace(files);
      const at = async (sha: string) =>
        (await space.build({ env: { GITHUB_SHA: sha.repeat(40) }, inputs: { ...common, tags } }))
          .outputs;
      const [first, second] = [await at('a'), await at('b')];
      expect(first.built).toBe('true');
      expect(second).toMatchObject({ built: 'false', digest: first.digest });
      expect(second.tags).toContain('b'.repeat(7));
    },
    60_000,
  );

  it.concurrent('has the same id of its configuration as when it was built', async () => {
    using space = workspace(files);
    const inputs = { ...common, provenance: 'false' };
    const first = await space.build({ inputs });
    const second = await space.build({ inputs: { ...inputs, builder: nowhere } });
    expect(first.outputs.imageid).not.toBe(first.outputs.digest);
    expect(second.outputs).toMatchObject({ built: 'false', imageid: first.outputs.imageid });
  }, 60_000);

  it.concurrent('is found although the builder that made it is gone', async () => {
    using space = workspace(files);
    const inputs = { ...common, platforms: '', builder: '' };
    {
      await using buildkit = await startBuildkit(labContext(silent));
      inputs.builder = buildkit.address;
      expect((await space.build({ inputs })).outputs.built).toBe('true');
    }
    expect((await space.build({ inputs })).outputs.built).toBe('false');
  }, 60_000);

  it.concurrent('counts what is in a named context, a folder of the workspace', async () => {
    using space = workspace({
      Dockerfile: 'FROM scratch\nCOPY --from=lib . /\n',
      'lib/a.txt': 'a',
    });
    const inputs = { ...common, 'build-contexts': 'lib=lib' };
    const built = async () => (await space.build({ inputs })).outputs.built;
    expect([await built(), await built()]).toEqual(['true', 'false']);
    writeFileSync(join(space.folder, 'lib/a.txt'), 'b');
    expect(await built()).toBe('true');
  }, 60_000);

  it.concurrent.each<[string, Record<string, string>, Record<string, string>, boolean, string]>([
    ['nothing that changed', {}, {}, false, 'It was found: '],
    ['a file that no COPY reaches', { 'other.txt': 'b' }, {}, false, 'It was found: '],
    ['a changed file', { 'src/a.txt': 'b' }, {}, true, 'no image was built from these inputs yet'],
    ['a further file', { 'src/b.txt': '' }, {}, true, 'no image was built from these inputs yet'],
    ['a changed Dockerfile', { Dockerfile: `${dockerfile}ENV A=1\n` }, {}, true, 'no image was'],
    ['another argument', {}, { 'build-args': 'A=2' }, true, 'no image was built from these inputs'],
    ['another target', {}, { target: 'first' }, true, 'no image was built from these inputs yet'],
    ['another label', {}, { labels: 'x=y' }, true, 'no image was built from these inputs yet'],
    ['no-cache', {}, { 'no-cache': 'true' }, true, 'no-cache asks for a build'],
    ['pull', {}, { pull: 'true' }, true, 'pull asks the builder to look for newer base images'],
    ['skip-unchanged off', {}, { 'skip-unchanged': 'false' }, true, 'skip-unchanged is off'],
    [
      'an image that is too old',
      {},
      { 'max-age': '1ms' },
      true,
      'and max-age allows less than a minute',
    ],
  ])(
    '%s',
    async (_name, changed, inputs, built, because) => {
      using space = workspace(files);
      const first = await space.build({ inputs: common });
      expect(first.outputs.built).toBe('true');
      for (const [path, text] of Object.entries(changed))
        writeFileSync(join(space.folder, path), text);
      const second = await space.build({ inputs: { ...common, ...inputs } });
      expect(second.exitCode).toBe(0);
      expect(second.outputs.built).toBe(String(built));
      expect(second.log).toContain(because);
      expect(await digestOf(space.image, '1')).toBe(second.outputs.digest);
    },
    60_000,
  );
});
