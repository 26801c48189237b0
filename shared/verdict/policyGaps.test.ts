import { expect, it } from '@jest/globals';
import { exampleFinding, exampleInspection, examplePolicy } from './fixtures.ts';
import type { Inspection } from './Inspection.ts';
import type { JudgeContext } from './JudgeContext.ts';
import type { Policy } from './Policy.ts';
import { policyGaps } from './policyGaps.ts';

const now = new Date('2026-11-25T12:00:00Z');
const hoursAgo = (hours: number) => new Date(now.getTime() - hours * 3_600_000);
const database = (hours: number) => ({
  source: 'mirror.acme.io/db@sha256:00',
  digest: undefined,
  updatedAt: hoursAgo(hours),
});
const kev = (hours: number): Partial<JudgeContext> => ({
  kev: { ids: new Set(), version: '1', madeAt: hoursAgo(hours) },
});
const most48: Partial<Policy> = { maxDatabaseAgeHours: 48 };
const wantsKev: Partial<Policy> = { kev: { file: 'kev.json', maxAgeDays: 7 } };

it.each<[string, Partial<Policy>, number | undefined, Partial<JudgeContext>, string[]]>([
  ['nothing is asked', {}, undefined, {}, []],
  ['young enough', most48, 48, {}, []],
  [
    'too old',
    most48,
    49,
    {},
    ['The vulnerability database is 49 hours old: it is of 2026-11-23T11:00Z.'],
  ],
  [
    'much too old',
    most48,
    480,
    {},
    ['The vulnerability database is 20 days old: it is of 2026-11-05T12:00Z.'],
  ],
  ['a clock that goes wrong a little', most48, -2, {}, []],
  [
    'of the future',
    most48,
    -48,
    {},
    ['The vulnerability database is from the future: it is of 2026-11-27T12:00Z.'],
  ],
  ['of no age', most48, undefined, {}, ['The age of the vulnerability database is not known.']],
  [
    'of an age that is none',
    most48,
    Number.NaN,
    {},
    ['The vulnerability database is of an age that is not known.'],
  ],
  ['no vulnerabilities are asked', { ...most48, kinds: new Set(['secret']) }, 480, {}, []],
  ['a list that is young enough', wantsKev, undefined, kev(24 * 7), []],
  [
    'a list that is too old',
    wantsKev,
    undefined,
    kev(24 * 7 + 1),
    ['The KEV catalog in kev.json is 7 days old: it is of 2026-11-18T11:00Z.'],
  ],
  [
    'a list that is not there',
    wantsKev,
    undefined,
    {},
    ['The KEV catalog that the policy needs (kev.json) was not read.'],
  ],
  ['a list that cannot be read', wantsKev, undefined, { kev: { what: 'broken' } }, ['broken']],
])('%s', (_, policy, hours, context, expected) => {
  const inspection = exampleInspection(hours === undefined ? {} : { database: database(hours) });
  const gaps = policyGaps(inspection, examplePolicy(policy), { now, ...context });
  expect(gaps.map(({ what }) => what)).toEqual(expected);
});

const bare = {
  ...{ name: 'tidy', version: '1.0.0', purl: undefined, path: undefined },
  licenses: [],
};

it.each<[string, Partial<Policy>, Partial<Inspection>, number]>([
  ['packages', { denyPackages: [{ name: 'tidy', reason: 'x' }] }, {}, 1],
  [
    'licenses, and only secrets count',
    { denyLicenses: ['MIT'], kinds: new Set(['secret']) },
    {},
    1,
  ],
  ['licenses, and packages are listed', { denyLicenses: ['MIT'] }, { packages: [] }, 0],
  ['licenses, and nothing was seen', { denyLicenses: ['MIT'] }, { gaps: [{ what: 'x' }] }, 0],
  ['nothing', {}, {}, 0],
])(
  'a subject whose packages are not listed, where the policy denies %s',
  (_, policy, seen, many) => {
    const inspection = exampleInspection({ packages: undefined, ...seen });
    expect(policyGaps(inspection, examplePolicy(policy), { now })).toHaveLength(many);
  },
);

it.each<[string, Partial<Inspection>, number]>([
  ['of which none names a license', { packages: [bare, bare] }, 1],
  ['of which one does', { packages: [bare, { ...bare, licenses: ['MIT'] }] }, 0],
  [
    'of which one has a license in its files',
    { packages: [bare], findings: [exampleFinding({ kind: 'license', id: 'MIT' })] },
    0,
  ],
  ['of which there are none', { packages: [] }, 0],
])('packages %s, where the policy denies licenses', (_, seen, many) => {
  const inspection = exampleInspection({ findings: [], ...seen });
  const gaps = policyGaps(inspection, examplePolicy({ denyLicenses: ['AGPL-*'] }), { now });
  expect(gaps).toHaveLength(many);
  expect(policyGaps(inspection, examplePolicy({}), { now })).toEqual([]);
});
