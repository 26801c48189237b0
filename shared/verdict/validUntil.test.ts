import { expect, it } from '@jest/globals';
import { exampleFinding, exampleInspection, examplePolicy, exampleWaiver } from './fixtures.ts';
import type { Inspection } from './Inspection.ts';
import type { JudgeContext } from './JudgeContext.ts';
import { judge } from './judge.ts';
import type { Policy } from './Policy.ts';
import { validUntil } from './validUntil.ts';

const now = new Date('2026-11-25T12:00:00Z');
const hoursAgo = (hours: number) => new Date(now.getTime() - hours * 3_600_000);
const database = (hours: number) => ({
  source: 'db',
  digest: undefined,
  updatedAt: hoursAgo(hours),
});
const young: Partial<Inspection> = { findings: [exampleFinding({ publishedAt: hoursAgo(24) })] };
const found: Partial<Inspection> = { findings: [exampleFinding()] };
const kev = { ids: new Set<string>(), version: '1', madeAt: hoursAgo(24) };

it.each<[string, Partial<Inspection>, Partial<Policy>, Partial<JudgeContext>, string | undefined]>([
  ['nothing', found, {}, {}, undefined],
  [
    'the first waiver that ends',
    found,
    {},
    {
      waivers: [
        exampleWaiver({ expires: hoursAgo(1) }),
        exampleWaiver({ expires: hoursAgo(-3) }),
        exampleWaiver({ expires: hoursAgo(-2), path: 'x' }),
        exampleWaiver({ expires: hoursAgo(-3), path: 'y' }),
      ],
    },
    '2026-11-25T14:00:00.000Z',
  ],
  [
    'the announcement of an end',
    found,
    {},
    { waivers: [exampleWaiver({ expires: new Date('2026-12-25T12:00:00Z') })] },
    '2026-12-11T12:00:00.000Z',
  ],
  ['the end of grace', young, { fixGraceDays: 7 }, {}, '2026-12-01T12:00:00.001Z'],
  ['grace that nobody gives', young, {}, {}, undefined],
  ['grace that is over', young, { fixGraceDays: 0.5 }, {}, undefined],
  [
    'the database',
    { database: database(10) },
    { maxDatabaseAgeHours: 48 },
    {},
    '2026-11-27T02:00:00.001Z',
  ],
  [
    'a database that is too old',
    { database: database(49) },
    { maxDatabaseAgeHours: 48 },
    {},
    undefined,
  ],
  ['a list', {}, { kev: { file: 'kev', maxAgeDays: 2 } }, { kev }, '2026-11-26T12:00:00.001Z'],
  ['a list that is not there', {}, { kev: { file: 'kev', maxAgeDays: 2 } }, {}, undefined],
  [
    'a date that is none',
    { database: database(Number.NaN) },
    { maxDatabaseAgeHours: 1 },
    {},
    undefined,
  ],
])('%s', (_, change, rules, given, expected) => {
  const [inspection, policy] = [exampleInspection(change), examplePolicy(rules)];
  const context = { now, ...given };
  const until = validUntil(inspection, policy, context);
  expect(until?.toISOString()).toBe(expected);
  if (until === undefined) return;
  // Until then the verdict is the same.
  const { outcome } = judge(inspection, policy, context).verdict;
  const before = { ...context, now: new Date(until.getTime() - 1) };
  expect(judge(inspection, policy, before).verdict.outcome).toBe(outcome);
});

it.each<[Partial<Inspection>, Partial<Policy>, Partial<JudgeContext>]>([
  [found, {}, { waivers: [exampleWaiver({ expires: hoursAgo(-2) })] }],
  [young, { fixGraceDays: 7 }, {}],
  [{ database: database(10) }, { maxDatabaseAgeHours: 48 }, {}],
  [{}, { kev: { file: 'kev', maxAgeDays: 2 } }, { kev }],
])('from then on it is another: %#', (change, rules, given) => {
  const [inspection, policy] = [exampleInspection(change), examplePolicy(rules)];
  const context = { now, ...given };
  expect(judge(inspection, policy, context).verdict.outcome).toBe('pass');
  const after = { ...context, now: validUntil(inspection, policy, context) as Date };
  expect(judge(inspection, policy, after).verdict.outcome).not.toBe('pass');
});
