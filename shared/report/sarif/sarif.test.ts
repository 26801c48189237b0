import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import Ajv from 'ajv-draft-04';
import addFormats from 'ajv-formats';
import type { Log, Result } from 'sarif';
import { hostileRows } from '../../../test/lab/fixtures/hostileText.ts';
import type { Finding } from '../../verdict/Finding.ts';
import type { Inspection } from '../../verdict/Inspection.ts';
import { judge } from '../../verdict/judge.ts';
import { severities } from '../../verdict/Severity.ts';
import type { Excused, Judgement } from '../../verdict/Verdict.ts';
import { readDockerfile } from '../dockerfile/readDockerfile.ts';
import { gitHubLimits, type SarifOptions, sarif } from './sarif.ts';

// One pattern of the schema (of a language) is none to the stricter reading of Unicode.
const ajv = new Ajv.default({ strict: false, unicodeRegExp: false });
addFormats.default(ajv as never);
/** The schema that OASIS publishes, as Microsoft's package has it. */
const validate = ajv.compile(
  createRequire(import.meta.url)('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json'),
);

const options: SarifOptions = {
  tool: 'Trivy gate',
  category: 'trivy-gate/web',
  waived: 'marked',
};
const of = (id: string, more: Partial<Finding> = {}): Finding => ({
  kind: 'vulnerability',
  id,
  severity: 'CRITICAL',
  title: 'prototype pollution',
  subject: { name: 'minimist', version: '1.2.0', purl: 'pkg:npm/minimist@1.2.0', path: undefined },
  fix: '1.2.6, 0.2.4',
  url: `https://avd.example/${id}`,
  ...more,
});
const inspection: Inspection = {
  subject: 'acme.azurecr.io/team/web:1.0@sha256:00',
  findings: [],
  gaps: [],
  notices: [],
  facts: [],
  scanner: { name: 'trivy', version: '0.74.0' },
};
const judged = (judgement: Partial<Judgement>): Judgement => ({
  ...judge(inspection, { severities: new Set(['CRITICAL']), ignoreUnfixed: false }),
  ...judgement,
});

function write(judgement: Partial<Judgement>, more: Partial<SarifOptions> = {}, seen = inspection) {
  const made = sarif(seen, judged(judgement), { ...options, ...more });
  const log = JSON.parse(made.text) as Log;
  expect(validate(log) ? [] : validate.errors).toEqual([]);
  const [run] = log.runs;
  if (run === undefined) throw new Error('It has no run.');
  return { ...made, run, results: run.results ?? [], rules: run.tool.driver.rules ?? [] };
}
const place = (result: Result | undefined) => {
  const { artifactLocation, region } = result?.locations?.[0]?.physicalLocation ?? {};
  return `${artifactLocation?.uri}:${region?.startLine}-${region?.endLine}`;
};

it('has one rule an id, by its worst finding', () => {
  const { rules, results } = write({
    counted: [
      of('CVE-1', { severity: 'MEDIUM', score: 5, weaknesses: ['CWE-1321'] }),
      of('CVE-2', { severity: 'LOW', score: 0 }),
      of('CVE-1', { score: 9.84, weaknesses: ['CWE-1321'] }),
    ],
  });
  expect(rules.map(({ id, properties }) => [id, properties?.['security-severity']])).toEqual([
    ['CVE-1', '9.8'],
    ['CVE-2', '2.0'],
  ]);
  expect(rules[0]?.properties?.tags).toEqual([
    'security',
    'vulnerability',
    'external/cwe/cwe-1321',
  ]);
  expect(results.map(({ ruleId, ruleIndex, level }) => [ruleId, ruleIndex, level])).toEqual([
    ['CVE-1', 0, 'warning'],
    ['CVE-2', 1, 'note'],
    ['CVE-1', 0, 'error'],
  ]);
  expect(results[0]?.message.text).toBe(
    'minimist 1.2.0: prototype pollution; fixed in 1.2.6 or 0.2.4',
  );
});

it.each([
  ['CRITICAL', 'error', '9.5'],
  ['HIGH', 'error', '8.0'],
  ['MEDIUM', 'warning', '5.5'],
  ['LOW', 'note', '2.0'],
  ['UNKNOWN', 'note', undefined],
] as const)('%s without a score', (severity, level, score) => {
  const { rules, results } = write({ counted: [of('CVE-1', { severity })] });
  expect(results[0]?.level).toBe(level);
  expect(rules[0]?.properties?.['security-severity']).toBe(score);
});

describe('the place', () => {
  const dockerfile = readDockerfile('app/Dockerfile', 'FROM a\nRUN npm ci\n');
  const layer = { diffId: 'sha256:1', createdBy: 'RUN /bin/sh -c npm ci # buildkit' };
  const path = 'app/package-lock.json';
  const subject = { name: 'minimist', version: '1', purl: undefined, path };
  const lines = { file: '/infra/main.tf', start: 3, end: 5 };
  it.each<[string, Partial<Finding>, Partial<SarifOptions>, string]>([
    ['of a package of an image', { subject }, {}, 'acme.azurecr.io/team/web:1-1'],
    ['in the Dockerfile', { subject, layer }, { dockerfile }, 'app/Dockerfile:2-2'],
    ['of the base image', { subject }, { dockerfile }, 'app/Dockerfile:1-1'],
    ['in a repository', { subject }, { folder: '' }, 'app/package-lock.json:1-1'],
    ['in a folder of it', { subject }, { folder: 'web/x' }, 'web/x/app/package-lock.json:1-1'],
    ['of lines in a folder', { lines }, { folder: 'web' }, 'web/infra/main.tf:3-5'],
    ['of lines', { lines }, { dockerfile }, 'infra/main.tf:3-5'],
    ['of no line', { lines: { ...lines, start: 0, end: 0 } }, {}, 'infra/main.tf:1-1'],
    [
      'that leads out',
      { lines: { ...lines, file: '../../a b/file:///x?y#z' } },
      {},
      'a%20b/file%3A/x%3Fy%23z:3-5',
    ],
  ])('%s', (_, finding, more, expected) => {
    expect(place(write({ counted: [of('CVE-1', finding)] }, more).results[0])).toBe(expected);
  });
});

describe('what does not count', () => {
  const waived: Excused[] = [
    {
      finding: of('CVE-waived'),
      excuse: {
        kind: 'waiver',
        waiver: {
          id: 'CVE-waived',
          owner: 'Ada',
          reason: 'no route',
          // The end of `expires: 2027-01-31`.
          expires: new Date('2027-02-01T00:00:00Z'),
          source: 'w:1',
        },
      },
    },
  ];
  it('is marked as suppressed, with who and why', () => {
    const [result] = write({ waived }).results;
    expect(result?.suppressions).toEqual([
      { kind: 'external', status: 'accepted', justification: 'no route (Ada, until 2027-01-31)' },
    ]);
  });

  it('is left out for GitHub, which would open alerts', () => {
    expect(write({ waived }, { waived: 'left out' }).results).toEqual([]);
  });

  it.each([
    ['web@sha256:11', ['new', 'unchanged', undefined]],
    [undefined, [undefined, undefined, undefined]],
  ])('is told from what is new where there is a baseline: %s', (baseline, states) => {
    const judgement = { counted: [of('CVE-1')], known: [of('CVE-2')], others: [of('CVE-3')] };
    const { results } = write({ ...judgement, baseline });
    expect(results.map(({ baselineState }) => baselineState)).toEqual(states);
  });
});

it('says what was not seen', () => {
  const gaps = [{ what: 'Nothing was seen.', remedy: 'Look.' }];
  const seen = { ...inspection, gaps };
  const judgement = judge(seen, { severities: new Set(['CRITICAL']), ignoreUnfixed: false });
  const [invocation] = write(judgement, {}, seen).run.invocations ?? [];
  expect(invocation?.executionSuccessful).toBe(false);
  expect(invocation?.toolExecutionNotifications?.[0]?.message.text).toBe('Nothing was seen.');
});

it('never tells what a scanner says of a secret besides its kind and place', () => {
  const { text } = sarif(
    inspection,
    judged({ counted: [of('aws-key', { kind: 'secret', fix: undefined, advice: 'AKIAxyz' })] }),
    options,
  );
  expect(text).not.toContain('AKIAxyz');
});

describe('within the limits of GitHub', () => {
  it('has those of its documentation', () => {
    expect(gitHubLimits).toEqual({ results: 25_000, bytes: 10_000_000 });
  });

  it('cuts what matters least and says so', () => {
    const limits = { ...gitHubLimits, results: 250 };
    const counted = Array.from({ length: 200 }, (_, at) => of(`CVE-${at}`));
    const others = Array.from({ length: 100 }, (_, at) => of(`other-${at}`, { severity: 'LOW' }));
    const made = write({ counted, others }, { limits });
    const cut = '50 findings of 300 are left out, the least important: GitHub takes 250 here.';
    expect(made).toMatchObject({ results: { length: 250 }, cut });
    expect(made.rules.map(({ id }) => id)).toEqual(
      [...counted, ...others.slice(0, 50)].map(({ id }) => id),
    );
    expect(made.run.invocations?.[0]?.toolExecutionNotifications?.[0]?.message.text).toBe(cut);
  });

  it('packs whatever the texts are', () => {
    const limits = { ...gitHubLimits, bytes: 20_000 };
    const noise = (at: number) => createHash('sha512').update(`${at}`).digest('base64');
    const counted = Array.from({ length: 400 }, (_, at) => of(`CVE-${at}`, { title: noise(at) }));
    const made = write({ counted }, { limits });
    expect(made.results.length).toBeLessThan(400);
    expect(made.results.length).toBeGreaterThan(20);
    expect(gzipSync(made.text).length).toBeLessThan(20_000);
    expect(made.cut).toMatch(/findings of 400 are left out/);
  });
});

describe.each([1, 2, 3, 4])('fingerprints, sample %d', (seed) => {
  let state = seed;
  const next = (below: number) => {
    state = (Math.imul(state, 48271) + 11) >>> 0;
    return (state >>> 7) % below;
  };
  const findings = Array.from({ length: 60 }, (_, at) =>
    of(`CVE-${at}`, {
      severity: severities[next(5)] ?? 'LOW',
      layer: { diffId: `sha256:${next(9)}`, createdBy: `RUN ${next(9)}` },
    }),
  );
  const prints = (all: readonly Finding[], subject: string) => {
    const seen = { ...inspection, subject, findings: all };
    const judgement = judge(seen, { severities: new Set(['CRITICAL']), ignoreUnfixed: false });
    return write(judgement, {}, seen).results.map(
      ({ ruleId, partialFingerprints, locations }) =>
        `${ruleId} ${partialFingerprints?.primaryLocationLineHash} ${locations?.[0]?.physicalLocation?.artifactLocation?.uri}`,
    );
  };
  it('stay the same over rebuilds, tags, and another order', () => {
    const rebuilt = findings
      .map((finding) => ({ ...finding, layer: { diffId: `sha256:${next(99)}` } }))
      .toSorted(() => next(3) - 1);
    expect(prints(rebuilt, 'acme.azurecr.io/team/web:2.0@sha256:99')).toEqual(
      prints(findings, 'acme.azurecr.io/team/web:1.0@sha256:00'),
    );
  });
});

describe('hostile text in every field', () => {
  it.each(hostileRows('command', 'markdown', 'terminal', 'unicode', 'shell', 'data'))(
    '%s',
    (_, text) => {
      const hostile = of(text, {
        title: text,
        subject: { name: text, version: text, purl: text, path: text },
        url: `https://a.example/${text}`,
        fix: text,
        advice: text,
        weaknesses: [text],
        layer: { diffId: text, createdBy: text },
      });
      const vex = { status: text, justification: text, author: text, source: text };
      const seen = {
        ...inspection,
        subject: text,
        gaps: [{ what: text, remedy: text }],
        scanner: { name: text, version: text },
      };
      const waived: Excused[] = [{ finding: hostile, excuse: { kind: 'vex', ...vex } }];
      const known = [{ ...hostile, lines: { file: text, start: -1, end: Number.NaN } }];
      const more = { folder: text, category: text };
      const { results } = write({ counted: [hostile], known, waived }, more, seen);
      expect(results).toHaveLength(3);
      for (const result of results) {
        expect(result.message.text).not.toContain('](');
        const uri = result.locations?.[0]?.physicalLocation?.artifactLocation?.uri ?? '';
        expect(new URL(uri, 'https://host.example/repository/').href).toMatch(
          /^https:\/\/host\.example\/repository\/./,
        );
      }
    },
  );
});
