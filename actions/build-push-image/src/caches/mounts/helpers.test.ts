import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parseDigest, parseReference, pin } from '../../../../../shared/oci/Reference.ts';
import { chooseKept } from './chooseKept.ts';
import type { CacheMount } from './findCacheMounts.ts';
import { helperDockerfile } from './helperDockerfile.ts';
import { readMeasures } from './readMeasures.ts';
import { describeSaved, readSaved, savedAnnotation } from './SavedMounts.ts';

const measure = (key: string, bytes: number) => ({ key, bytes, fingerprint: '0'.repeat(64) });
const [a, b, c] = ['a', 'b', 'c'].map((letter) => letter.repeat(16)) as [string, string, string];

describe('chooseKept', () => {
  it.each<[string, [string, number][], string[], string[]]>([
    [
      'all that fit',
      [
        [a, 40],
        [b, 60],
      ],
      [a, b],
      [],
    ],
    [
      'the largest goes first',
      [
        [a, 90],
        [b, 20],
        [c, 30],
      ],
      [b, c],
      [a],
    ],
    ['one that is too large alone', [[a, 101]], [], [a]],
    ['none', [], [], []],
  ])('%s', (_name, given, kept, leftOut) => {
    const choice = chooseKept(
      given.map(([key, bytes]) => measure(key, bytes)),
      100,
    );
    expect(choice.kept.map(({ key }) => key)).toEqual(kept);
    expect(choice.leftOut.map(({ key }) => key)).toEqual(leftOut);
  });
});

describe('readMeasures', () => {
  it('takes what the measuring build wrote, and nothing else', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'measures-'));
    try {
      const sum = 'f'.repeat(64);
      writeFileSync(join(folder, a), `12\t/platform-actions/mount/${a} ${sum}  -\n`);
      writeFileSync(join(folder, b), 'nonsense');
      writeFileSync(join(folder, 'other'), `12 x ${sum}`);
      expect(await readMeasures(folder)).toEqual([{ key: a, bytes: 12288, fingerprint: sum }]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('what an image of saved mounts says', () => {
  const reference = pin(parseReference('r.io/a'), parseDigest(`sha256:${'0'.repeat(64)}`));
  const read = (annotations: unknown) =>
    readSaved(reference, Buffer.from(JSON.stringify({ annotations })))?.fingerprints;

  it('is read as it was written', () => {
    const text = describeSaved([measure(b, 1), measure(a, 2)]);
    expect(read({ [savedAnnotation]: text })).toEqual(
      new Map([
        [a, '0'.repeat(64)],
        [b, '0'.repeat(64)],
      ]),
    );
  });

  it.each([
    [undefined],
    [{}],
    [{ [savedAnnotation]: '{' }],
    [{ [savedAnnotation]: '{"../x":"1"}' }],
    [{ [savedAnnotation]: `{"${a}":"1"}` }],
  ])('%j is not ours', (annotations) => {
    expect(read(annotations)).toBeUndefined();
  });
});

describe('helperDockerfile', () => {
  const mounts: CacheMount[] = [
    { key: a, id: '/root/.npm', owner: {}, base: 'node:24' },
    { key: b, id: 'go', owner: { uid: '1000', mode: '0700' }, base: 'golang:1' },
    { key: c, id: 'pip', owner: {}, base: 'node:24' },
  ];
  it.each([
    ['measure', helperDockerfile.measure(mounts, 'n')],
    ['restore', helperDockerfile.restore(mounts, 'r.io/a@sha256:0', 'n')],
    ['save', helperDockerfile.save(mounts, 'n')],
  ])('%s mounts what the build mounts, on its images, as root and without network', (_n, text) => {
    const runs = text.split('\n').filter((line) => line.startsWith('RUN '));
    expect(runs).toEqual([
      expect.stringMatching(
        /^RUN --network=none --mount=type=cache,id=\/root\/\.npm,.*id=pip,.*\["\/bin\/sh","-c",/,
      ),
      expect.stringMatching(/id=go,target=\S+,sharing=locked,uid=1000,mode=0700 /),
    ]);
    expect(text.match(/^USER 0:0$/gm)).toHaveLength(2);
    expect(text.match(/^FROM (node|golang).*$/gm)).toEqual([
      'FROM node:24 AS s0',
      'FROM golang:1 AS s1',
    ]);
  });

  it('saves a layer a mount, from the stage of its image', () => {
    expect(helperDockerfile.save(mounts, 'n').match(/^COPY.*$/gm)).toEqual([
      `COPY --link --from=s0 /platform-actions/out/${a} /${a}`,
      `COPY --link --from=s1 /platform-actions/out/${b} /${b}`,
      `COPY --link --from=s0 /platform-actions/out/${c} /${c}`,
    ]);
  });
});
