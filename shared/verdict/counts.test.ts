import { expect, it } from '@jest/globals';
import { countsBy } from './counts.ts';
import type { Finding } from './Finding.ts';
import { exampleFinding, examplePolicy } from './fixtures.ts';
import type { JudgeContext } from './JudgeContext.ts';
import type { Policy } from './Policy.ts';

const now = new Date('2026-11-25T00:00:00Z');
const kev = { ids: new Set(['CVE-1']), version: '1', madeAt: now };
const epss = { scores: new Map([['CVE-2', 0.5]]), version: '1', madeAt: now };
const wantsKev: Partial<Policy> = { kev: { file: 'kev', maxAgeDays: 1 } };
const wantsEpss: Partial<Policy> = { epss: { file: 'epss', maxAgeDays: 1, atLeast: 0.5 } };
const low = { severity: 'LOW', id: 'CVE-1' } as const;
const daysAgo = (days: number) => new Date(now.getTime() - days * 24 * 3_600_000);

it.each<[string, Partial<Finding>, Partial<Policy>, boolean]>([
  ['the severity', {}, {}, true],
  ['another severity', { severity: 'HIGH' }, {}, false],
  ['no fix', { fix: undefined }, {}, true],
  ['no fix, where a fix is wanted', { fix: undefined }, { ignoreUnfixed: true }, false],
  ['a secret has no fix', { kind: 'secret', fix: undefined }, { ignoreUnfixed: true }, true],
  ['another kind', { kind: 'secret' }, { kinds: new Set(['vulnerability']) }, false],
  ['that kind', { kind: 'secret' }, { kinds: new Set(['secret']) }, true],
  ['a young one', { publishedAt: daysAgo(6) }, { fixGraceDays: 7 }, false],
  ['one of the last day', { publishedAt: daysAgo(7) }, { fixGraceDays: 7 }, false],
  ['an old one', { publishedAt: daysAgo(8) }, { fixGraceDays: 7 }, true],
  ['one of unknown age', {}, { fixGraceDays: 7 }, true],
  [
    'a young one without a fix',
    { publishedAt: daysAgo(1), fix: undefined },
    { fixGraceDays: 7 },
    true,
  ],
  ['a date that is none', { publishedAt: new Date(Number.NaN) }, { fixGraceDays: 7 }, true],
  ['no grace at all', { publishedAt: daysAgo(1) }, { fixGraceDays: 0 }, true],
  ['exploited', low, wantsKev, true],
  ['exploited, by another name', { ...low, id: 'GHSA-x', aliases: ['cve-1'] }, wantsKev, true],
  [
    'exploited, without a fix',
    { ...low, fix: undefined },
    { ...wantsKev, ignoreUnfixed: true },
    true,
  ],
  ['exploited, and young', { ...low, publishedAt: now }, { ...wantsKev, fixGraceDays: 9 }, true],
  [
    'exploited, of a kind that does not count',
    low,
    { ...wantsKev, kinds: new Set(['secret']) },
    false,
  ],
  ['exploited, where nobody asks', low, {}, false],
  ['a rule of that name', { ...low, kind: 'secret' }, wantsKev, false],
  ['likely', { severity: 'LOW', id: 'CVE-2' }, wantsEpss, true],
  [
    'less likely',
    { severity: 'LOW', id: 'CVE-2' },
    { epss: { file: '', maxAgeDays: 1, atLeast: 0.51 } },
    false,
  ],
  ['without a score', { severity: 'LOW', id: 'CVE-3' }, wantsEpss, false],
])('%s', (_, finding, policy, expected) => {
  const context: JudgeContext = { now, kev, epss };
  expect(countsBy(examplePolicy(policy), context)(exampleFinding(finding))).toBe(expected);
});

it('without its lists it goes by the severity; the gap is told elsewhere', () => {
  const policy = examplePolicy({ ...wantsKev, ...wantsEpss });
  const gap = { what: 'x' };
  for (const context of [{ now }, { now, kev: gap, epss: gap }]) {
    expect(countsBy(policy, context)(exampleFinding(low))).toBe(false);
    expect(countsBy(policy, context)(exampleFinding())).toBe(true);
  }
});
