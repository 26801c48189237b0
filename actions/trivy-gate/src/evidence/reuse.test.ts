import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { publicKeyOf } from '../../../../shared/evidence/keySigner.ts';
import { formatStatement, parseStatement } from '../../../../shared/evidence/Statement.ts';
import { verdictStatement } from '../../../../shared/evidence/verdictStatement.ts';
import { digestOf } from '../../../../shared/oci/putManifest.ts';
import { parseReference, pin } from '../../../../shared/oci/Reference.ts';
import type { Finding } from '../../../../shared/verdict/Finding.ts';
import type { Inspection } from '../../../../shared/verdict/Inspection.ts';
import type { Judgement } from '../../../../shared/verdict/Verdict.ts';
import type { Waiver } from '../../../../shared/verdict/Waiver.ts';
import { verifier } from './attestVerdict.ts';
import { refuseRecord } from './findReusable.ts';
import { recordField } from './GateRecord.ts';
import { readRecord } from './readRecord.ts';
import { kept, recordVerdict } from './recordVerdict.ts';
import { retell } from './retell.ts';
import { type ReuseParts, reuseKey } from './reuseKey.ts';
import { reuseTrust } from './reuseTrust.ts';
import { type GateRun, whatToAttest } from './whatToAttest.ts';

const now = new Date('2026-11-25T12:00:00Z');
const days = (count: number) => new Date(now.getTime() + count * 86_400_000);

function waiver(id: string, change: Partial<Waiver> = {}): Waiver {
  return { id, owner: 'team', reason: 'r', expires: days(30), source: 'w.yaml:1', ...change };
}

const parts: ReuseParts = {
  subject: digestOf('image'),
  platforms: ['linux/amd64', 'linux/arm64'],
  policy: { severities: new Set(['CRITICAL', 'HIGH']), ignoreUnfixed: false },
  waivers: [waiver('CVE-1'), waiver('CVE-2', { expires: days(60) })],
  vex: [digestOf('vex')],
  baseline: { name: 'branch:main', digest: digestOf('base') },
  snapshots: { kev: digestOf('kev'), epss: digestOf('epss') },
  databases: { vulnerabilities: digestOf('db') },
  scanner: { name: 'Trivy', version: '0.74.0' },
  options: { scanners: ['vuln'], skipDirs: ['/proc'] },
  version: '1.0.0',
};

describe('reuseKey', () => {
  const key = reuseKey(parts, now);
  const [first, second] = parts.waivers as [Waiver, Waiver];

  it.each<[string, Partial<ReuseParts>]>([
    ['another image', { subject: digestOf('other') }],
    ['another platform', { platforms: ['linux/amd64', 'linux/arm/v7'] }],
    ['a platform less', { platforms: ['linux/amd64'] }],
    ['another severity', { policy: { severities: new Set(['CRITICAL']), ignoreUnfixed: false } }],
    [
      'another rule',
      { policy: { severities: new Set(['CRITICAL', 'HIGH']), ignoreUnfixed: true } },
    ],
    ['another waiver', { waivers: [waiver('CVE-3'), second] }],
    ['a waiver more', { waivers: [...parts.waivers, waiver('CVE-3', { expires: days(90) })] }],
    ['a waiver less', { waivers: [first] }],
    ['another end of a waiver', { waivers: [first, { ...second, expires: days(61) }] }],
    ['another scope of a waiver', { waivers: [first, { ...second, path: '/app/**' }] }],
    ['another owner', { waivers: [first, { ...second, owner: 'x' }] }],
    ['another VEX', { vex: [digestOf('vex2')] }],
    ['no VEX', { vex: [] }],
    ['another baseline', { baseline: { name: 'branch:main', digest: digestOf('base2') } }],
    ['no baseline', { baseline: undefined }],
    ['another snapshot', { snapshots: { ...parts.snapshots, kev: digestOf('kev2') } }],
    ['a snapshot less', { snapshots: { kev: digestOf('kev') } }],
    ['another database', { databases: { vulnerabilities: digestOf('db2') } }],
    ['a database more', { databases: { ...parts.databases, java: digestOf('java') } }],
    ['another scanner', { scanner: { name: 'Trivy', version: '0.75.0' } }],
    ['other options', { options: { ...parts.options, skipDirs: [] } }],
    ['another version of ours', { version: '1.0.1' }],
  ])('is another one with %s', (_name, change) => {
    expect(reuseKey({ ...parts, ...change }, now)).not.toBe(key);
  });

  it('is another one when a waiver has ended', () => {
    expect(reuseKey(parts, days(29))).toBe(key);
    expect(reuseKey(parts, days(30))).not.toBe(key);
    expect(reuseKey(parts, days(60))).not.toBe(reuseKey(parts, days(30)));
  });

  it('does not depend on an order that means nothing', () => {
    const same: ReuseParts = {
      ...parts,
      platforms: [...parts.platforms].reverse(),
      policy: { ignoreUnfixed: false, severities: new Set(['HIGH', 'CRITICAL']) },
      waivers: [...parts.waivers].reverse(),
      snapshots: { epss: digestOf('epss'), kev: digestOf('kev') },
    };
    expect(reuseKey(same, now)).toBe(key);
  });
});

function finding(id: string, change: Partial<Finding> = {}): Finding {
  return {
    ...{ kind: 'vulnerability', id, severity: 'HIGH', title: undefined, url: 'https://x.test' },
    subject: { name: 'minimist', version: '1.2.5', purl: undefined, path: undefined },
    fix: '1.2.6',
    ...change,
  };
}

const inspection: Inspection = {
  subject: 'r.io/web@sha256:00',
  findings: [],
  gaps: [],
  notices: ['Debian 9 is at its end of life.'],
  facts: [{ name: 'Platform', value: 'linux/amd64', exact: 'x' }],
  database: { source: 'r.io/db', digest: digestOf('db'), updatedAt: days(-1) },
  scanner: { name: 'Trivy', version: '0.74.0' },
  scannedAt: now,
};
const judgement: Judgement = {
  verdict: { outcome: 'violation', reason: 'Why.', remedy: 'Do.', details: undefined },
  counted: [
    finding('CVE-1', {
      ...{ publishedAt: days(-9), score: 9.8, weaknesses: ['CWE-1'] },
      layer: { diffId: 'sha256:0', createdBy: 'RUN npm ci' },
    }),
    finding('DS-1', { kind: 'misconfiguration', lines: { file: 'a', start: 1, end: 2 } }),
  ],
  known: [finding('CVE-3')],
  waived: [
    { finding: finding('CVE-4'), excuse: { kind: 'waiver', waiver: waiver('CVE-4') } },
    {
      finding: finding('CVE-5'),
      excuse: {
        ...{ kind: 'vex', status: 'not_affected', justification: 'x' },
        ...{ author: undefined, source: 'v.json' },
      },
    },
  ],
  others: [finding('CVE-6', { severity: 'LOW' })],
  notices: ['A waiver ends soon.'],
  baseline: 'branch:main',
};
const subject = pin(parseReference('r.io/web'), digestOf('image'));
const run: GateRun = {
  subject,
  policy: { name: 'production', digest: digestOf('policy') },
  startedAt: now,
  finishedAt: now,
  lookedForVulnerabilities: true,
  reusable: { key: reuseKey(parts, now), validUntil: days(2) },
};

/** As it comes back from a registry. */
function stored(given: Judgement = judgement, change: Record<string, unknown> = {}) {
  const record = recordVerdict(inspection, given, run.reusable as never);
  const statement = parseStatement(
    formatStatement(
      verdictStatement({
        ...{ subject, verifier, policy: run.policy, verifiedAt: now, inputs: [] },
        outcome: given.verdict.outcome === 'pass' ? 'pass' : 'violation',
        extensions: { [recordField]: { ...record, ...change } },
      }),
    ),
  );
  if (statement === undefined) throw new Error('not a statement');
  return statement;
}

describe('a kept verdict', () => {
  it('is told as it was', () => {
    const recorded = readRecord(stored());
    if (recorded === undefined) throw new Error('not read');
    const { inspection: seen, judgement: told, findings, totals } = retell(recorded, parts.subject);
    expect(told).toEqual({ ...judgement, notices: [], gaps: [] });
    expect(seen).toMatchObject({
      ...inspection,
      findings: expect.any(Array),
      notices: [...inspection.notices, ...judgement.notices],
      facts: expect.any(Array),
    });
    expect(seen.facts).toEqual([
      {
        name: 'Not scanned again',
        value: expect.stringMatching(/Nothing .* has changed since 2026-11-25T12:00:00.000Z/),
      },
      ...inspection.facts,
      { name: 'Evidence', value: 'the signed verdict is attached as', exact: parts.subject },
    ]);
    expect(findings).toEqual({ CRITICAL: 0, HIGH: 5, MEDIUM: 0, LOW: 1, UNKNOWN: 0 });
    expect(totals).toEqual({ counted: 2, known: 1, waived: 2, others: 1 });
  });

  it('keeps the worst of very many and the counts of all', () => {
    const many = Array.from({ length: 100_000 }, (_, index) =>
      finding(`CVE-${'9'.repeat(5000)}${index}`),
    );
    const statement = stored({ ...judgement, counted: many });
    expect(formatStatement(statement).length).toBeLessThan(1_500_000);
    const recorded = readRecord(statement);
    if (recorded === undefined) throw new Error('not read');
    const { judgement: told, totals, inspection: seen } = retell(recorded);
    expect(told.counted).toHaveLength(kept.counted);
    expect(totals.counted).toBe(100_000);
    expect(seen.notices[0]).toMatch(/Only the worst 204 of 100004 findings/);
  });

  const wanted = { key: reuseKey(parts, now), maxAgeMs: 86_400_000, now };
  it.each<[string, object, Partial<typeof wanted>, RegExp | undefined]>([
    ['the same inputs', {}, {}, undefined],
    ['other inputs', {}, { key: digestOf('x') }, /other inputs/],
    ['a time after it may have changed', { validUntil: days(0) }, {}, /it held until/],
    ['a time just before', { validUntil: days(0.001) }, {}, undefined],
    ['a time too late', {}, { now: days(1.1) }, /too long ago/],
    ['a time before it', { validUntil: days(9) }, { now: days(-1) }, /of the future/],
    ['a record of another version', { counted: [] }, {}, /no record of ours/],
    ['two verdicts in one', { outcome: 'pass' }, {}, /no record of ours/],
  ])('holds or not for %s', (_name, record, change, why) => {
    const said = refuseRecord(stored(judgement, record as never), { ...wanted, ...change });
    if (why === undefined) expect(said).toBeUndefined();
    else expect(said).toMatch(why);
  });
});

describe('whatToAttest', () => {
  const gap = { what: 'A platform was not scanned.' };
  const pass: Judgement = { ...judgement, verdict: { ...judgement.verdict, outcome: 'pass' } };
  const incomplete: Judgement = {
    ...judgement,
    verdict: { ...judgement.verdict, outcome: 'incomplete' },
  };
  it.each<[string, Partial<Inspection>, Judgement, Partial<GateRun>, object | undefined]>([
    ['all of a violation', {}, judgement, {}, { outcome: 'violation', scan: {}, record: {} }],
    ['all of a pass', {}, pass, {}, { outcome: 'pass', scan: {}, record: {} }],
    ['nothing of what is incomplete', { gaps: [gap] }, incomplete, {}, undefined],
    ['the verdict of what was half seen', { gaps: [gap] }, judgement, {}, { outcome: 'violation' }],
    [
      'no scan where no vulnerabilities were looked for',
      {},
      pass,
      { lookedForVulnerabilities: false },
      { outcome: 'pass', record: {} },
    ],
    [
      'no scan without a database',
      { database: undefined },
      pass,
      {},
      { outcome: 'pass', record: {} },
    ],
    [
      'the verdict alone where the policy wants to know more',
      {},
      { ...judgement, gaps: [gap] },
      {},
      { outcome: 'violation' },
    ],
    ['no record without a key', {}, pass, { reusable: undefined }, { outcome: 'pass', scan: {} }],
  ])('%s', (_name, seen, judged, change, claimed) => {
    const what = whatToAttest({ ...inspection, ...seen }, judged, { ...run, ...change });
    if (claimed === undefined) expect(what).toBeUndefined();
    else expect(what).toMatchObject(claimed);
    for (const part of ['scan', 'record'] as const) {
      expect(what?.[part] !== undefined).toBe(claimed !== undefined && part in claimed);
    }
  });
});

it('reuseTrust believes our key and jobs of the default branch, as far as they can be checked', () => {
  const pem = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    .privateKey.export({ format: 'pem', type: 'pkcs8' })
    .toString();
  const facts = { repositoryUrl: 'https://github.com/a/b', defaultBranch: 'main', issuer: 'i' };
  expect(reuseTrust({ key: pem, trustedRoot: undefined }, facts)).toEqual({
    keys: [publicKeyOf(pem)],
    identity: undefined,
  });
  expect(reuseTrust({ key: undefined, trustedRoot: {} }, facts)).toMatchObject({
    keys: [],
    identity: { ref: 'refs/heads/main', triggers: expect.not.arrayContaining(['pull_request']) },
  });
});
