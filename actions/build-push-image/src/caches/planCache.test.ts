import { describe, expect, it } from '@jest/globals';
import { parseReference } from '../../../../shared/oci/Reference.ts';
import { cacheTag } from './cacheTag.ts';
import { type CachePlan, type CacheWishes, exportOf, importOf, planCache } from './planCache.ts';

describe('cacheTag', () => {
  it.each([
    ['main', [], 'buildcache-main'],
    ['v1.2_x', [], 'buildcache-v1.2_x'],
    ['a/b', [], 'buildcache-a-b-c14cddc033'],
    ['a-b', [], 'buildcache-a-b'],
    ['a b', [], 'buildcache-a-b-c8687a08aa'],
    ['main', ['linux/arm64'], 'buildcache-main-linux-arm64-6401aff4d0'],
  ])('%s %j', (branch, scope, expected) => {
    expect(cacheTag('buildcache', branch, scope)).toBe(expected);
  });

  it.each(['x'.repeat(300), `${'x'.repeat(299)}y`, '名前', '-', '.a'])('%s is a tag', (branch) => {
    const tag = cacheTag('cachemounts', branch);
    expect(parseReference(`r.io/a:${tag}`).tag).toBe(tag);
  });

  it('is another for each branch and scope', () => {
    const all = [
      cacheTag('buildcache', 'a/b'),
      cacheTag('buildcache', 'a-b'),
      cacheTag('buildcache', 'a', ['b']),
      cacheTag('buildcache', 'x'.repeat(200)),
      cacheTag('buildcache', `${'x'.repeat(200)}y`),
      cacheTag('cachemounts', 'a-b'),
    ];
    expect(new Set(all).size).toBe(all.length);
  });
});

const wishes: CacheWishes = {
  mode: undefined,
  given: { from: [], to: [] },
  image: parseReference('r.io/web'),
  push: true,
  noCache: false,
  scope: [],
  branches: { branch: 'map', fallbacks: ['main'], defaultBranch: 'main', untrusted: false },
  builder: { canCacheExport: true },
};
const untrusted = {
  branch: undefined,
  fallbacks: ['main'],
  defaultBranch: 'main',
  untrusted: true,
};

/** What buildx is told, and what a person is. */
function told(plan: CachePlan) {
  return {
    from: [...plan.from, ...plan.imports.map(importOf)],
    to: [...plan.to, ...(plan.export === undefined ? [] : [exportOf(plan.export)])],
    notes: plan.notes,
  };
}
const read = (tag: string) => `type=registry,ref=r.io/web:${tag}`;
const written = (tag: string) =>
  `type=registry,ref=r.io/web:${tag},mode=max,image-manifest=true,oci-mediatypes=true,ignore-error=true`;

describe('planCache', () => {
  it.each<[string, Partial<CacheWishes>, string[], string[], string[]?]>([
    [
      'the branch, then the default branch',
      {},
      [read('buildcache-map'), read('buildcache-main')],
      [written('buildcache-map')],
    ],
    [
      'without a push it is only read',
      { push: false },
      [read('buildcache-map'), read('buildcache-main')],
      [],
    ],
    ['a fork only reads', { push: false, branches: untrusted }, [read('buildcache-main')], []],
    [
      'Dependabot that pushes is told',
      { branches: untrusted },
      [read('buildcache-main')],
      [],
      ['No cache is written: this run comes from a fork or from Dependabot.'],
    ],
    [
      'a git tag leaves none',
      { branches: { ...untrusted, untrusted: false } },
      [read('buildcache-main')],
      [],
    ],
    [
      'a builder that cannot export',
      { builder: { canCacheExport: false } },
      [read('buildcache-map'), read('buildcache-main')],
      [],
      [
        'No cache is written: this builder cannot export one; one of the driver docker-container, kubernetes or remote can.',
      ],
    ],
    ['no-cache reads none and writes one', { noCache: true }, [], [written('buildcache-map')]],
    ['off', { mode: 'off' }, [], []],
    ['inline', { mode: 'inline' }, [read('map'), read('main')], ['type=inline']],
    [
      'gha',
      { mode: 'gha', scope: ['linux/arm64'] },
      ['type=gha,scope=web-linux-arm64'],
      ['type=gha,scope=web-linux-arm64,mode=max,ignore-error=true'],
    ],
    ['gha of a fork', { mode: 'gha', branches: untrusted }, ['type=gha,scope=web'], []],
    [
      'what is given stands alone, and fails nothing',
      { mode: 'registry', given: { from: ['r.io/c'], to: ['type=s3,bucket=b', 'type=inline'] } },
      ['r.io/c'],
      ['type=s3,bucket=b,ignore-error=true', 'type=inline'],
    ],
    [
      'unless that is said',
      { given: { from: [], to: ['type=local,dest=c,ignore-error=false', 'r.io/c'] } },
      [],
      ['type=local,dest=c,ignore-error=false', 'r.io/c'],
    ],
  ])('%s', (_name, change, from, to, notes = []) => {
    expect(told(planCache({ ...wishes, ...change }))).toEqual({ from, to, notes });
  });

  it.each<[Partial<CacheWishes>, boolean]>([
    [{}, false],
    [{ push: false }, true],
    [{ push: false, mode: 'registry' }, false],
  ])('%j: a refusal of the import is no news: %s', (change, expected) => {
    expect(planCache({ ...wishes, ...change }).mayBeOutOfReach).toBe(expected);
  });
});
