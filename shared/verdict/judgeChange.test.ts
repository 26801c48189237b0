import { describe, expect, it } from '@jest/globals';
import { hostileText } from '../../test/lab/fixtures/hostileText.ts';
import type { Finding, FindingKind } from './Finding.ts';
import { exampleFinding, exampleInspection, examplePolicy, exampleWaiver } from './fixtures.ts';
import type { Inspection } from './Inspection.ts';
import type { JudgeContext } from './JudgeContext.ts';
import { judge } from './judge.ts';
import type { Policy } from './Policy.ts';
import type { Outcome } from './Verdict.ts';

const now = new Date('2026-11-25T12:00:00Z');
const subject = 'acme.azurecr.io/team/web@sha256:00';
const minimist = exampleFinding();
const tar = exampleFinding({ id: 'CVE-2', fix: undefined, subject: { name: 'tar', version: '6' } });
const main = (...findings: Finding[]) => ({ baseline: { name: 'branch:main', findings } });

function judged(
  inspection: Partial<Inspection>,
  policy: Partial<Policy> = {},
  context: Partial<JudgeContext> = {},
) {
  return judge(exampleInspection({ subject, ...inspection }), examplePolicy(policy), {
    now,
    ...context,
  });
}

describe('the verdict', () => {
  it.each<[string, Partial<Inspection>, Partial<Policy>, Partial<JudgeContext>, Outcome, string]>([
    [
      'of what is new',
      { findings: [minimist, tar] },
      {},
      main(minimist),
      'violation',
      `1 CRITICAL new finding in ${subject}: tar 6 (CVE-2), without a fix. Besides, 1 more known from branch:main.`,
    ],
    [
      'of nothing new',
      { findings: [minimist] },
      {},
      main(exampleFinding({ subject: { version: '1.2.4', purl: 'pkg:npm/minimist@1.2.4' } })),
      'pass',
      `No new CRITICAL finding in ${subject}. Besides, 1 more known from branch:main.`,
    ],
    [
      'of one more of the same',
      { findings: [minimist, exampleFinding({ subject: { version: '1.2.3' } })] },
      {},
      main(minimist),
      'violation',
      `1 CRITICAL new finding in ${subject}: minimist 1.2.5 (CVE-2021-44906), fixed in 1.2.6. Besides, 1 more known from branch:main.`,
    ],
    [
      'of what is waived and what is known',
      { findings: [minimist, tar] },
      {},
      { ...main(tar), waivers: [exampleWaiver()] },
      'pass',
      `No new CRITICAL finding in ${subject}. Besides, 1 more known from branch:main, and 1 finding waived.`,
    ],
    [
      'of what was waived',
      { findings: [minimist] },
      {},
      { waivers: [exampleWaiver({ expires: now })] },
      'violation',
      `1 CRITICAL finding in ${subject}: minimist 1.2.5 (CVE-2021-44906), fixed in 1.2.6.`,
    ],
    [
      'where not all was seen, all else being waived',
      { findings: [minimist], gaps: [{ what: 'A gap.' }] },
      {},
      { waivers: [exampleWaiver()] },
      'incomplete',
      'A gap.',
    ],
    [
      'without the list that the policy needs',
      {},
      { kev: { file: 'kev.json', maxAgeDays: 7 } },
      { kev: { what: 'The KEV catalog is not JSON.' } },
      'incomplete',
      'The KEV catalog is not JSON.',
    ],
    [
      'without that list, of what counts all the same',
      { findings: [minimist] },
      { kev: { file: 'kev.json', maxAgeDays: 7 } },
      {},
      'violation',
      `1 CRITICAL finding in ${subject}: minimist 1.2.5 (CVE-2021-44906), fixed in 1.2.6. Besides, not all was seen: The KEV catalog that the policy needs (kev.json) was not read.`,
    ],
    [
      'of a system that has ended',
      { system: { family: 'debian', name: '8', endOfLife: true } },
      { endOfLife: 'deny' },
      {},
      'violation',
      `1 HIGH finding in ${subject}: debian 8 gets no more fixes.`,
    ],
    [
      'of a system that had ended before',
      { system: { family: 'debian', name: '8.11', endOfLife: true } },
      { endOfLife: 'deny' },
      {
        baseline: {
          name: 'main',
          findings: [],
          system: { family: 'debian', name: '8.10', endOfLife: true },
        },
      },
      'pass',
      `No new CRITICAL finding in ${subject}. Besides, 1 more known from main.`,
    ],
    [
      'of a license that the scanner rates low',
      {
        findings: [exampleFinding({ kind: 'license', id: 'GPL-3.0-only', severity: 'LOW' })],
        packages: [],
      },
      { denyLicenses: ['GPL-3.0-only'] },
      {},
      'violation',
      `1 LOW finding in ${subject}: minimist 1.2.5 under GPL-3.0-only.`,
    ],
  ])('%s', (_, inspection, policy, context, outcome, reason) => {
    const { verdict } = judged(inspection, policy, context);
    expect(verdict).toMatchObject({ outcome, reason });
    expect(verdict.remedy === undefined).toBe(outcome === 'pass' || outcome === 'incomplete');
  });

  it('keeps all gaps for the report', () => {
    const gap = { what: 'A gap.' };
    const { gaps } = judged({ gaps: [gap] }, { maxDatabaseAgeHours: 1 });
    expect(gaps).toEqual([gap, expect.objectContaining({ remedy: expect.any(String) })]);
  });
});

it.each<[FindingKind, Partial<Finding>, string]>([
  [
    'secret',
    {},
    'Make the secret worthless (rotate it), then take it out of app/node_modules/minimist/package.json: whoever had the file has it.',
  ],
  ['misconfiguration', { advice: 'Set `runAsNonRoot`.' }, 'Set `runAsNonRoot`.'],
  ['misconfiguration', { lines: { file: 'main.tf', start: 4, end: 5 } }, 'Correct main.tf:4.'],
  ['license', {}, 'Do without minimist, or let the owner of the policy allow its license.'],
  ['denied-package', { title: 'not cared for' }, 'Do without minimist: not cared for'],
])('the remedy of a %s (%j)', (kind, change, remedy) => {
  expect(judged({ findings: [{ ...minimist, kind, ...change }] }).verdict.remedy).toBe(remedy);
});

it('says everything in one line, whatever a scanner or a person wrote', () => {
  for (const { text } of hostileText) {
    for (const kind of [
      'vulnerability',
      'secret',
      'license',
      'misconfiguration',
      'denied-package',
    ] as const) {
      const finding = exampleFinding({
        kind,
        id: text,
        title: text,
        advice: text,
        fix: text,
        lines: { file: text, start: 1, end: 1 },
        subject: { name: text, version: text, purl: text, path: text },
      });
      const { verdict, notices } = judged(
        { subject: text, findings: [finding] },
        {},
        { baseline: { name: text, findings: [exampleFinding()] } },
      );
      for (const line of [verdict.reason, verdict.remedy ?? '', ...notices]) {
        expect(line).not.toMatch(/[\p{Cc}\u202e\u2028]/u);
      }
    }
  }
});

/** Many findings of some packages, waivers for some of them, and a baseline of others. */
function many(size: number) {
  const findings = Array.from({ length: size }, (_, at) =>
    exampleFinding({
      id: `CVE-${at % 20_000}`,
      severity: at % 3 === 0 ? 'LOW' : 'CRITICAL',
      subject: {
        name: `package-${at % 4999}`,
        version: `1.${at}`,
        purl: `pkg:npm/package-${at % 4999}@1.${at}`,
        path: `app/${at}/package.json`,
      },
    }),
  );
  const waivers = Array.from({ length: 1000 }, (_, at) =>
    exampleWaiver({
      id: `CVE-${at * 20}`,
      ...(at % 2 === 0 ? { purl: `pkg:npm/package-${at}` } : { path: 'app/*/package.json' }),
      source: `waivers.yaml:${at}`,
    }),
  );
  return { findings, waivers };
}

it('what is there is in one list, and the same in any order', () => {
  const { findings, waivers } = many(3000);
  const baseline = { name: 'main', findings: findings.filter((_, at) => at % 5 === 0) };
  const context = { waivers, baseline };
  const { counted, known, waived, others, verdict } = judged({ findings }, {}, context);
  const all = [...counted, ...known, ...waived.map(({ finding }) => finding), ...others];
  expect(new Set(all)).toEqual(new Set(findings));
  expect(all).toHaveLength(findings.length);
  for (const list of [counted, known, waived, others]) expect(list.length).toBeGreaterThan(0);
  const again = judged({ findings: findings.toReversed() }, {}, context);
  expect(again.verdict).toEqual(verdict);
  // Compared with itself, nothing is new.
  const same = judged({ findings }, {}, { baseline: { name: 'main', findings } });
  expect(same.verdict.outcome).toBe('pass');
});

it('many findings are judged by all that a policy knows', () => {
  const { findings, waivers } = many(5000);
  const kev = { ids: new Set(['CVE-1']), version: '1', madeAt: now };
  const { counted, waived } = judged(
    { findings },
    { kev: { file: 'kev', maxAgeDays: 1 }, neverWaive: ['CVE-2021-*'], fixGraceDays: 7 },
    { waivers, kev },
  );
  expect(counted.length).toBeGreaterThan(2500);
  expect(waived.length).toBeGreaterThan(50);
});
