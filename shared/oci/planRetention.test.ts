import { describe, expect, it } from '@jest/globals';
import { planRetention, type RetentionRules, type StoredManifest } from './planRetention.ts';
import { type Digest, parseDigest } from './Reference.ts';

const now = new Date('2026-11-24T00:00:00Z');
const ago = (days: number) => new Date(now.getTime() - days * 24 * 3600 * 1000);

/** `d('a')` is a digest that begins with a. */
const d = (letter: string): Digest => parseDigest(`sha256:${letter.padEnd(64, '0')}`);
const list = (letter: string) => `sha256-${letter.padEnd(64, '0')}`;

type Row = readonly [name: string, about?: Partial<Omit<StoredManifest, 'digest'>>];

function stored([name, about = {}]: Row): StoredManifest {
  return {
    digest: d(name),
    createdAt: ago(100),
    tags: [],
    children: [],
    subject: undefined,
    ...about,
  };
}

const rules: RetentionRules = {
  running: new Set(),
  days: 30,
  now,
  isKeyTag: (tag) => /^build-[0-9a-f]+$/.test(tag),
  isCacheTag: (tag) => tag.startsWith('buildcache'),
};

/** The manifests, what goes of them in order, and why some others stay. */
type Case = readonly [
  manifests: readonly Row[],
  gone: string,
  kept?: Readonly<Record<string, RegExp>>,
  change?: Partial<RetentionRules>,
];

const cases: Record<string, Case> = {
  'an old key on an image': [[['a', { tags: ['build-12'] }]], 'a'],
  'a young key': [
    [['a', { tags: ['build-12'], createdAt: ago(29) }]],
    '',
    { a: /^it is 29 days old$/ },
  ],
  'a key whose age nothing tells': [
    [['a', { tags: ['build-12'], createdAt: undefined }]],
    '',
    { a: /nothing tells its age/ },
  ],
  'a key on an image that people name': [
    [['a', { tags: ['build-12', 'v1', 'latest'] }]],
    '',
    { a: /^it is tagged v1, latest$/ },
  ],
  'a key on an image that a release runs': [
    [['a', { tags: ['build-12'] }]],
    '',
    { a: /a release runs it/ },
    { running: new Set([d('a')]) },
  ],
  'an index of which a release runs an image': [
    [['a', { tags: ['build-12'], children: [d('b'), d('c')] }], ['b'], ['c']],
    '',
    { a: /runs an image of it/, b: /belongs to sha256:a/, c: /belongs to sha256:a/ },
    { running: new Set([d('c')]) },
  ],
  'an old index goes with its images and what is attached to them': [
    [
      ['e', { subject: d('b') }],
      ['b'],
      ['a', { tags: ['build-12'], children: [d('b'), d('c')] }],
      ['c', { createdAt: undefined }],
      ['f', { subject: d('e'), createdAt: undefined }],
    ],
    'feabc',
  ],
  'an image that another index still needs': [
    [
      ['a', { tags: ['build-12'], children: [d('b')] }],
      ['c', { tags: ['v1'], children: [d('b')] }],
      ['b'],
    ],
    'a',
    { b: /belongs to sha256:c/ },
  ],
  "an old key's record goes, its image stays for its tag": [
    [
      ['a', { tags: ['v1'] }],
      ['b', { tags: ['build-12'], subject: d('a') }],
    ],
    'b',
    { a: /tagged v1/ },
  ],
  'an image to which only an old record leads goes with it': [
    [['a'], ['b', { tags: ['build-12'], subject: d('a') }], ['c', { subject: d('a') }]],
    'bca',
  ],
  'a young record keeps its old image, and the verdict on that': [
    [
      ['a'],
      ['b', { tags: ['build-12'], subject: d('a') }],
      ['c', { tags: ['build-34'], subject: d('a'), createdAt: ago(1) }],
      ['e', { subject: d('a') }],
    ],
    'b',
    { a: /is attached to it/, c: /1 day old/, e: /attached to sha256:a/ },
  ],
  'an old cache': [[['a', { tags: ['buildcache-main'] }]], 'a'],
  'a young cache': [[['a', { tags: ['buildcache'], createdAt: ago(0) }]], '', { a: /0 days old/ }],
  'what is attached to something that is gone': [
    [
      ['b', { subject: d('a') }],
      ['c', { subject: d('b') }],
      ['e', { subject: d('a'), createdAt: ago(3) }],
    ],
    'cb',
    { e: /3 days old/ },
  ],
  'a list of what is attached to something that is gone': [
    [['b', { tags: [list('a')], subject: d('a') }]],
    'b',
  ],
  'a list keeps nothing by itself': [
    [
      ['a', { tags: ['v1'] }],
      ['b', { tags: [list('a')], subject: d('a'), children: [d('c'), d('e')] }],
      ['c', { tags: ['build-12'], subject: d('a') }],
      ['e', { subject: d('a') }],
    ],
    'c',
    { b: /attached to sha256:a/, e: /attached to sha256:a/ },
  ],
  'a signature of cosign': [
    [
      ['a', { tags: ['v1'] }],
      ['b', { tags: [`${list('a')}.sig`], subject: d('a') }],
    ],
    '',
    { b: /attached/ },
  ],
  'what is attached and has a name of its own': [
    [
      ['a', { tags: ['build-12'] }],
      ['b', { tags: ['sbom'], subject: d('a') }],
    ],
    '',
    { a: /is attached to it/, b: /tagged sbom/ },
  ],
  'what has neither a tag nor a nature': [[['a']], '', { a: /nothing says/ }],
};

describe('planRetention', () => {
  it.each(Object.entries(cases))('%s', (_name, [rows, gone, why = {}, change = {}]) => {
    const plan = planRetention(rows.map(stored), { ...rules, ...change });
    const short = (digest: Digest) => digest.charAt('sha256:'.length);
    expect(plan.remove.map(({ digest }) => short(digest)).join('')).toBe(gone);
    expect(plan.keep.map(({ digest }) => short(digest)).sort()).toEqual(
      rows
        .map(([name]) => name)
        .filter((name) => !gone.includes(name))
        .sort(),
    );
    for (const { because } of plan.remove) expect(because).not.toBe('nothing keeps it');
    for (const [name, reason] of Object.entries(why)) {
      expect(plan.keep.find(({ digest }) => short(digest) === name)?.because).toMatch(reason);
    }
  });
});
