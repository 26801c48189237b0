import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Failure } from '../../../../shared/failure/Failure.ts';
import {
  type Digest,
  formatReference,
  parseDigest,
  type Reference,
} from '../../../../shared/oci/Reference.ts';
import { buildKey, type KeyInputs } from './buildKey.ts';

const digestOf = (name: string): Digest => {
  const hex = Buffer.from(name).toString('hex').padEnd(64, '0').slice(-64);
  return parseDigest(`sha256:${hex}`);
};

/** What each image means now; an image that is not there is unknown to its registry. */
let images: Map<string, string>;
let folder: string;
let inputs: KeyInputs;

const registry = {
  digest: async (reference: Reference): Promise<Digest> => {
    const meaning = images.get(formatReference(reference));
    if (meaning === undefined) throw new Failure({ what: 'There is no such image.' });
    return digestOf(meaning);
  },
};

function write(path: string, content: string, mode = 0o644): void {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  chmodSync(file, mode);
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'key-'));
  images = new Map([
    ['r.io/base:1', 'base'],
    ['r.io/tool:1', 'tool'],
    ['docker.io/docker/dockerfile:1', 'frontend'],
    ['r.io/named:1', 'named'],
  ]);
  write(
    'context/Dockerfile',
    `# syntax=docker/dockerfile:1
ARG TAG=1
FROM r.io/base:$TAG
COPY --from=r.io/tool:1 /tool /
COPY package*.json src /app/
RUN --mount=type=bind,source=build,target=/b make
`,
  );
  write('context/.dockerignore', '**/*.log\nsrc/secret\n');
  write('context/package.json', '{}');
  write('context/src/a.ts', 'a');
  write('context/src/deep/b.ts', 'b');
  write('context/src/x.log', 'log');
  write('context/build/make.sh', 'make', 0o755);
  write('context/docs/readme.md', 'docs');
  symlinkSync('a.ts', join(folder, 'context/src/link'));
  write('lib/lib.c', 'c');
  inputs = {
    context: join(folder, 'context'),
    dockerfile: join(folder, 'context/Dockerfile'),
    buildArgs: { NAME: 'value', OTHER: '2' },
    target: undefined,
    platforms: ['linux/amd64'],
    labels: ['a=1', 'org.opencontainers.image.created=2026-01-01'],
    annotations: ['index:a=1'],
    contexts: { lib: join(folder, 'lib'), named: 'docker-image://r.io/named:1' },
    secrets: ['npm'],
    ssh: ['default'],
    options: { network: 'host', ulimit: ['nofile=1024'] },
    noCache: false,
    pull: false,
  };
});
afterEach(() => rmSync(folder, { recursive: true }));

const set = (change: Partial<KeyInputs>) => () => {
  inputs = { ...inputs, ...change };
};

async function keyAfter(change: () => void): Promise<{ before: string; after: string }> {
  const before = await buildKey(inputs, registry);
  change();
  const after = await buildKey(inputs, registry);
  return { before: before.key ?? 'none', after: after.key ?? `none, because ${after.because}` };
}

describe('a key is another one after', () => {
  it.each<[string, () => void]>([
    ["a file's content", () => write('context/src/a.ts', 'A')],
    ["a file's content of the same length, deep down", () => write('context/src/deep/b.ts', 'B')],
    ['a new file', () => write('context/src/c.ts', 'c')],
    ['a file less', () => unlinkSync(join(folder, 'context/src/a.ts'))],
    ['a new file that a pattern matches', () => write('context/package-lock.json', '{}')],
    ['an empty folder', () => mkdirSync(join(folder, 'context/src/empty'))],
    ['another executable bit', () => chmodSync(join(folder, 'context/src/a.ts'), 0o755)],
    ['other rights of a folder', () => chmodSync(join(folder, 'context/src/deep'), 0o700)],
    [
      "a link's target",
      () => {
        unlinkSync(join(folder, 'context/src/link'));
        symlinkSync('deep/b.ts', join(folder, 'context/src/link'));
      },
    ],
    [
      'a file in place of a link with the same text',
      () => {
        unlinkSync(join(folder, 'context/src/link'));
        write('context/src/link', 'a.ts', 0o777);
      },
    ],
    ['a file that is mounted', () => write('context/build/make.sh', 'made', 0o755)],
    ['a file that is no longer ignored', () => write('context/.dockerignore', 'src/secret')],
    ["the Dockerfile's own ignore file", () => write('context/Dockerfile.dockerignore', '')],
    [
      "the Dockerfile's text",
      () => write('context/Dockerfile', 'FROM r.io/base:1\nCOPY package*.json src /app/'),
    ],
    ['another base image under the tag', () => images.set('r.io/base:1', 'newer')],
    ['another image that is copied from', () => images.set('r.io/tool:1', 'newer')],
    ['another frontend', () => images.set('docker.io/docker/dockerfile:1', 'newer')],
    ["a build argument's value", set({ buildArgs: { NAME: 'other', OTHER: '2' } })],
    ['one argument less', set({ buildArgs: { NAME: 'value' } })],
    [
      'an argument that chooses another base',
      () => {
        images.set('r.io/base:2', 'base');
        set({ buildArgs: { NAME: 'value', OTHER: '2', TAG: '2' } })();
      },
    ],
    ['a target', set({ target: '0' })],
    ['another platform', set({ platforms: ['linux/arm64'] })],
    ['one platform more', set({ platforms: ['linux/amd64', 'linux/arm64'] })],
    ['a label', set({ labels: ['a=2'] })],
    ['an annotation', set({ annotations: ['manifest:a=1'] })],
    ['a file of a named context', () => write('lib/lib.c', 'C')],
    ['another image as a named context', () => images.set('r.io/named:1', 'newer')],
    ['a named context less', () => set({ contexts: { lib: join(folder, 'lib') } })()],
    ["a secret's id", set({ secrets: ['other'] })],
    ['an ssh id', set({ ssh: ['default', 'key'] })],
    ['another network', set({ options: { network: 'none', ulimit: ['nofile=1024'] } })],
    ['another limit', set({ options: { network: 'host', ulimit: ['nofile=1'] } })],
  ])('%s', async (_name, change) => {
    const { before, after } = await keyAfter(change);
    expect(before).toMatch(/^[0-9a-f]{64}$/);
    expect(after).toMatch(/^[0-9a-f]{64}$/);
    expect(after).not.toBe(before);
  });
});

describe('a key stays the same after', () => {
  it.each<[string, () => void]>([
    ['nothing', () => {}],
    [
      'another time of a file',
      () => utimesSync(join(folder, 'context/src/a.ts'), new Date(0), new Date(0)),
    ],
    [
      'files made in another order',
      () => {
        unlinkSync(join(folder, 'context/src/a.ts'));
        write('context/src/a.ts', 'a');
      },
    ],
    ['an ignored file', () => write('context/src/x.log', 'other')],
    ['a new ignored file', () => write('context/src/secret', 's')],
    ['a file that no COPY reaches', () => write('context/docs/readme.md', 'other')],
    ['a new file that no COPY reaches', () => write('context/other.json', '{}')],
    ['rules that ignore the same', () => write('context/.dockerignore', '**/*.log\n# same')],
    ['arguments in another order', set({ buildArgs: { OTHER: '2', NAME: 'value' } })],
    ['options in another order', set({ options: { ulimit: ['nofile=1024'], network: 'host' } })],
    [
      'the time and the commit in labels',
      set({
        labels: [
          'org.opencontainers.image.created=2027-01-01',
          'a=1',
          'org.opencontainers.image.revision=abc',
        ],
        annotations: ['index:a=1', 'index:org.opencontainers.image.created=2027-01-01'],
      }),
    ],
    ['the same base by its digest under another tag', () => images.set('r.io/unused:1', 'newer')],
  ])('%s', async (_name, change) => {
    const { before, after } = await keyAfter(change);
    expect(after).toBe(before);
  });
});

describe('there is no key', () => {
  it.each<[string, () => void, string]>([
    ['with no-cache', set({ noCache: true }), 'no-cache asks for a build'],
    ['with pull', set({ pull: true }), 'pull asks the builder'],
    [
      'of a git repository',
      set({ context: 'https://github.com/a/b.git#main' }),
      'the builder itself fetches the context',
    ],
    ['without a platform', set({ platforms: [] }), 'platform is not known'],
    [
      'of a base that is not known',
      () => images.delete('r.io/base:1'),
      'the digest of r.io/base:1 is not known: There is no such image.',
    ],
    [
      'of a context that is not pinned',
      set({ contexts: { x: 'https://x.test/r.git#main' } }),
      'the build context x is not pinned',
    ],
    [
      'of an address without checksum',
      () => write('context/Dockerfile', 'FROM r.io/base:1\nADD https://x.test/y /\n'),
      'ADD https://x.test/y has no checksum',
    ],
    [
      'without a Dockerfile',
      () => unlinkSync(join(folder, 'context/Dockerfile')),
      'could not be read (ENOENT)',
    ],
    [
      'of a pattern that is none',
      () => write('context/.dockerignore', '[b-a]'),
      '"[b-a]" in the .dockerignore is not a pattern',
    ],
  ])('%s', async (_name, change, because) => {
    change();
    expect(await buildKey(inputs, registry)).toEqual({
      key: undefined,
      because: expect.stringContaining(because),
    });
  });
});

describe('the context', () => {
  it('counts whole when a source is reached through a link', async () => {
    symlinkSync('docs', join(folder, 'context/linked'));
    write('context/Dockerfile', 'FROM r.io/base:1\nCOPY linked /\n');
    const { before, after } = await keyAfter(() => write('context/docs/readme.md', 'other'));
    expect(after).not.toBe(before);
  });

  it('tells what is in the key', async () => {
    expect(await buildKey(inputs, registry)).toMatchObject({
      bases: [{ registry: 'r.io', repository: 'base', digest: digestOf('base') }],
      narrowed: true,
      entries: 8,
      bytes: 8,
    });
  });
});
