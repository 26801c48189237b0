import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseDigest, parseReference } from '../../../../shared/oci/Reference.ts';
import { exampleEvent } from '../metadata/exampleEvent.ts';
import type { BuildKey } from '../unchanged/buildKey.ts';
import type { FoundTarget } from './findBaked.ts';
import { keyTargets } from './keyTargets.ts';
import { type BakeTarget, readTargets } from './readTargets.ts';
import { useFound } from './useFound.ts';

let workspace: string;
const write = (path: string, text: string) => writeFileSync(join(workspace, path), text);
beforeAll(() => {
  workspace = mkdtempSync(join(tmpdir(), 'bake-'));
  for (const folder of ['base', 'web', 'lib']) mkdirSync(join(workspace, folder));
  write('base/Dockerfile', 'FROM r.io/busybox:1\nCOPY a.txt /\n');
  write('base/a.txt', 'a');
  write('web/Dockerfile', 'FROM base\nCOPY --from=lib . /\n');
  write('lib/lib.c', 'c');
});
afterAll(() => rmSync(workspace, { recursive: true }));

const digest = parseDigest(`sha256:${'b'.repeat(64)}`);
const event = exampleEvent('refs/heads/main');
const inputs = {
  ...{ event, noCache: false, pull: false, provenance: undefined, sbom: undefined },
  builder: undefined,
};
const plain: Record<string, Record<string, unknown>> = {
  base: { context: 'base', tags: ['r.io/base:1'] },
  web: { context: 'web', tags: ['r.io/web:1'], contexts: { base: 'target:base', lib: 'lib' } },
  api: { 'dockerfile-inline': 'FROM r.io/busybox:1\n', tags: ['r.io/api:1'] },
};

type Change = Partial<Record<'base' | 'web' | 'api', Record<string, unknown>>>;

function targetsWith(change: Change = {}): readonly BakeTarget[] {
  const target = Object.fromEntries(
    Object.entries(plain).map(([name, given]) => [
      name,
      { ...given, ...change[name as keyof Change] },
    ]),
  );
  return readTargets(JSON.stringify({ target }));
}

const keysOf = (change: Change = {}, options: Partial<typeof inputs> = {}) =>
  keyTargets(
    targetsWith(change),
    { ...inputs, ...options },
    { digest: async () => digest },
    { env: { GITHUB_WORKSPACE: workspace }, signal: new AbortController().signal },
  );

/** The targets whose keys are other ones after a change. */
async function changedBy(change: Change): Promise<string[]> {
  const [before, after] = [await keysOf(), await keysOf(change)];
  return [...after].flatMap(([name, { key }]) => (before.get(name)?.key === key ? [] : [name]));
}

describe('the keys of targets', () => {
  it.each<[Change, string[]]>([
    [{}, []],
    [{ base: { args: { A: '1' } } }, ['base', 'web']],
    [{ base: { labels: { a: 'b' } } }, ['base', 'web']],
    [{ base: { labels: { 'org.opencontainers.image.revision': 'f' } } }, []],
    [{ base: { secret: [{ id: 'npm', env: 'NPM' }] } }, ['base', 'web']],
    [{ base: { 'cache-from': [{ type: 'gha' }] } }, []],
    [{ web: { target: 'first', contexts: plain.web?.contexts } }, ['web']],
    [{ web: { 'shm-size': '1g' } }, ['web']],
    [{ web: { tags: ['r.io/web:2'] } }, []],
    [{ web: { platforms: ['linux/arm64'] } }, ['web']],
    [{ web: { contexts: { base: 'target:base', lib: 'base' } } }, ['web']],
    [{ web: { contexts: { base: 'target:api', lib: 'lib' } } }, ['web']],
    [{ web: { annotations: ['index:x=y'] } }, ['web']],
    [{ api: { 'dockerfile-inline': 'FROM r.io/busybox:1\nENV A=1\n' } }, ['api']],
  ])('%j makes other ones of %j', async (change, expected) => {
    expect(await changedBy(change)).toEqual(expected);
  });

  it('change with a file at the bottom of a chain', async () => {
    const before = await keysOf();
    write('base/a.txt', 'b');
    const after = await keysOf();
    write('base/a.txt', 'a');
    const same = [...after].filter(([name, { key }]) => before.get(name)?.key === key);
    expect(same.map(([name]) => name)).toEqual(['api']);
  });

  it('hold the images that the build under one uses', async () => {
    const web = (await keysOf()).get('web') as BuildKey;
    expect(web.digests).toContain(digest);
    expect(web.bases).toEqual([{ ...parseReference('r.io/busybox'), digest }].map(withoutTag));
  });

  it.each<[string, Change, Partial<typeof inputs>, string]>([
    ['no-cache of the step', {}, { noCache: true }, 'it builds on base, and no-cache asks'],
    ['no-cache of one', { base: { 'no-cache': true } }, {}, 'it builds on base, and no-cache'],
    ['a filter', { web: { 'no-cache-filter': ['a'] } }, {}, 'no-cache asks for a build'],
    ['pull', { web: { pull: true } }, {}, 'pull asks the builder'],
    ['a remote context', { base: { context: 'https://g.io/a.git' } }, {}, 'it builds on base'],
    [
      'triggers for what builds on it',
      { base: { 'dockerfile-inline': 'FROM r.io/busybox:1\nONBUILD COPY . /\n' } },
      {},
      'the Dockerfile of base has ONBUILD triggers',
    ],
  ])('are not decided with %s', async (_, change, options, because) => {
    const web = (await keysOf(change, options)).get('web');
    expect(web).toEqual({ key: undefined, because: expect.stringContaining(because) });
  });
});

describe('what is found stands in', () => {
  const manifest = { digest, mediaType: 'm', bytes: Buffer.from('') };
  const found = (name: string) =>
    new Map<string, FoundTarget>([[name, { manifest, because: '', key: undefined }]]);

  it.each<[string, string, Change, string[]]>([
    ['for what is built on', 'base', {}, [`web.contexts.base=docker-image://r.io/base@${digest}`]],
    ['nowhere when nobody builds on it', 'api', {}, []],
    ['nowhere for a name that an override cannot tell', 'base', dotted('r.io/base:1.2'), []],
  ])('%s', (_, name, change, expected) => {
    expect(useFound(targetsWith(change), found(name))).toEqual(expected);
  });
});

function dotted(name: string): Change {
  return { web: { contexts: { [name]: 'target:base' } } };
}

function withoutTag<T extends { readonly tag?: string | undefined }>({ tag: _, ...others }: T) {
  return others;
}
