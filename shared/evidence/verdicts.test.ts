import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { digestOf } from '../oci/putManifest.ts';
import { parseDigest, parseReference, pin } from '../oci/Reference.ts';
import type { Finding } from '../verdict/Finding.ts';
import { canonicalDigest, canonicalJson } from './canonicalJson.ts';
import { keySigner, publicKeyOf } from './keySigner.ts';
import { readVerdict } from './readVerdict.ts';
import { formatStatement } from './Statement.ts';
import { signStatement } from './signStatement.ts';
import { type VerdictClaim, verdictPredicate, verdictStatement } from './verdictStatement.ts';
import { type EvidenceWanted, judgeEvidence } from './verifyEvidence.ts';
import { omittedField, type Scan, vulnsStatement } from './vulnsStatement.ts';

const hex = '1'.repeat(64);
const digest = parseDigest(`sha256:${hex}`);
const subject = pin(parseReference('r.io:5000/acme/web:1'), digest);
const now = new Date('2026-11-25T12:00:00Z');
const ago = (hours: number) => new Date(now.getTime() - hours * 3_600_000);

function finding(id: string, change: Partial<Finding> = {}): Finding {
  return {
    ...{ kind: 'vulnerability', id, severity: 'HIGH', title: undefined, url: undefined },
    subject: { name: 'minimist', version: '1.2.5', purl: 'pkg:npm/minimist@1.2.5', path: '' },
    fix: '1.2.6',
    ...change,
  };
}

const scan: Scan = {
  subject,
  scanner: { name: 'Trivy', version: '0.74.0', uri: 'pkg:github/aquasecurity/trivy@v0.74.0' },
  database: { source: `r.io/db@${digest}`, digest, updatedAt: ago(3) },
  startedAt: ago(0.2),
  finishedAt: ago(0.1),
  findings: [
    finding('CVE-1'),
    finding('DS002', { kind: 'misconfiguration' }),
    finding('CVE-2', { severity: 'CRITICAL', score: 9.8, fix: undefined }),
  ],
};

describe('vulnsStatement', () => {
  it('is as the specification has it: worst first, and vulnerabilities only', () => {
    expect(JSON.parse(formatStatement(vulnsStatement(scan)).toString())).toEqual({
      _type: 'https://in-toto.io/Statement/v1',
      subject: [{ name: 'r.io:5000/acme/web', digest: { sha256: hex } }],
      predicateType: 'https://in-toto.io/attestation/vulns/v0.2',
      predicate: {
        scanner: {
          uri: 'pkg:github/aquasecurity/trivy@v0.74.0',
          version: '0.74.0',
          db: {
            uri: `r.io/db@${digest}`,
            version: digest,
            digest: { sha256: hex },
            lastUpdate: '2026-11-25T09:00:00.000Z',
          },
          result: [
            {
              id: 'CVE-2',
              severity: [
                { method: 'trivy', score: 'CRITICAL' },
                { method: 'cvss', score: '9.8' },
              ],
              annotations: [
                { package: 'minimist', version: '1.2.5', purl: 'pkg:npm/minimist@1.2.5' },
              ],
            },
            {
              id: 'CVE-1',
              severity: [{ method: 'trivy', score: 'HIGH' }],
              annotations: [
                {
                  package: 'minimist',
                  version: '1.2.5',
                  purl: 'pkg:npm/minimist@1.2.5',
                  fixed: '1.2.6',
                },
              ],
            },
          ],
        },
        metadata: {
          scanStartedOn: '2026-11-25T11:48:00.000Z',
          scanFinishedOn: '2026-11-25T11:54:00.000Z',
        },
      },
    });
  });

  it.each([
    ['by their number', { most: 1, bytes: 1e6 }, 1],
    ['by their size', { most: 9, bytes: 200 }, 1],
    ['not at all', { most: 2, bytes: 1e6 }, undefined],
  ])('leaves out the least, and says how many: %s', (_name, limits, omitted) => {
    const { predicate } = vulnsStatement(scan, limits);
    expect(predicate[omittedField]).toBe(omitted);
    expect(predicate.scanner).toMatchObject({
      result: [{ id: 'CVE-2' }, ...(omitted ? [] : [{}])],
    });
  });

  it('bounds what a scanner wrote', () => {
    const long = vulnsStatement({ ...scan, findings: [finding('🙂'.repeat(9999))] });
    expect(JSON.stringify(long).length).toBeLessThan(4000);
  });
});

const claim: VerdictClaim = {
  subject,
  verifier: 'https://x.test/gate',
  verifiedAt: ago(1),
  policy: { name: 'production', digest },
  outcome: 'pass',
  inputs: [{ uri: 'https://r.io/v2/x', digest }],
};

describe('verdictStatement', () => {
  it('is as the specification has it', () => {
    const field = 'https://x.test/field';
    expect(verdictStatement({ ...claim, extensions: { [field]: { a: 1 } } })).toEqual({
      subject: { name: 'r.io:5000/acme/web', digest },
      predicateType: 'https://slsa.dev/verification_summary/v1',
      predicate: {
        verifier: { id: 'https://x.test/gate' },
        timeVerified: '2026-11-25T11:00:00.000Z',
        resourceUri: `pkg:oci/web@sha256%3A${hex}?repository_url=r.io:5000/acme/web`,
        policy: {
          uri: 'https://github.com/data-platform/platform-actions/policies/production',
          digest: { sha256: hex },
        },
        inputAttestations: [{ uri: 'https://r.io/v2/x', digest: { sha256: hex } }],
        verificationResult: 'PASSED',
        verifiedLevels: [],
        slsaVersion: '1.1',
        [field]: { a: 1 },
      },
    });
  });

  it('tells a violation, and no inputs where there are none', () => {
    const { predicate } = verdictStatement({ ...claim, outcome: 'violation', inputs: [] });
    expect(predicate).toMatchObject({ verificationResult: 'FAILED', verifiedLevels: ['FAILED'] });
    expect(predicate).not.toHaveProperty('inputAttestations');
  });

  it.each<[string, Record<string, unknown>]>([
    ['no time', { timeVerified: 'yesterday' }],
    ['another result', { verificationResult: 'OK' }],
    ['no policy', { policy: {} }],
    ['no verifier', { verifier: 'x' }],
  ])('is not read with %s', (_name, change) => {
    const statement = verdictStatement(claim);
    expect(readVerdict(statement)).toMatchObject({ passed: true, verifiedAt: ago(1) });
    const predicate = { ...statement.predicate, ...change };
    expect(readVerdict({ ...statement, predicate })).toBeUndefined();
    expect(readVerdict({ ...statement, predicateType: 'x' })).toBeUndefined();
  });
});

describe('what is shown of a digest', () => {
  const newKey = () =>
    generateKeyPairSync('ec', { namedCurve: 'P-256' })
      .privateKey.export({ format: 'pem', type: 'sec1' })
      .toString();
  const [ours, other] = [newKey(), newKey()];
  const sign = (change: Partial<VerdictClaim> = {}, key = ours) =>
    signStatement(verdictStatement({ ...claim, ...change }), keySigner(key));
  const wanted: EvidenceWanted = {
    policy: 'production',
    trust: { keys: [publicKeyOf(ours)] },
    maxAgeMs: 24 * 3_600_000,
    now,
  };
  const failed = { outcome: 'violation' as const };

  it.each<[string, () => Promise<unknown>[], Partial<EvidenceWanted>]>([
    ['a pass', () => [sign()], {}],
    ['a pass, by the digest of the policy', () => [sign()], { policy: digest }],
    [
      'a pass of any policy',
      () => [sign({ policy: { name: 'x', digest } })],
      { policy: undefined },
    ],
    [
      'an old pass without a limit',
      () => [sign({ verifiedAt: ago(999) })],
      { maxAgeMs: undefined },
    ],
    ['a pass after a failure', () => [sign({ ...failed, verifiedAt: ago(2) }), sign()], {}],
    ['a pass beside junk', () => [Promise.resolve({}), sign({}, other), sign()], {}],
    [
      "a pass beside another policy's failure",
      () => [
        sign({ ...failed, policy: { name: 'x', digest: digestOf('') }, verifiedAt: now }),
        sign(),
      ],
      {},
    ],
  ])('%s counts', async (_name, bundles, change) => {
    const shown = judgeEvidence(await Promise.all(bundles()), digest, { ...wanted, ...change });
    expect(shown).toMatchObject({ ok: true, verdict: { passed: true } });
  });

  it.each<[string, () => Promise<unknown>[], Partial<EvidenceWanted>, RegExp]>([
    ['nothing', () => [], {}, /^it has no signed verdict$/],
    ['a pass of another signer', () => [sign({}, other)], {}, /^it is signed by another key$/],
    [
      'a pass of another digest',
      () => [sign({ subject: pin(subject, digestOf('')) })],
      {},
      /another digest/,
    ],
    [
      'a pass of another policy',
      () => [sign({ policy: { name: 'dev', digest: digestOf('') } })],
      {},
      /of the policy https:.*policies\/dev, not production/,
    ],
    [
      'a pass by another judge',
      () => [sign()],
      { verifier: 'https://y.test' },
      /judged by https:\/\/x\.test\/gate, not https:\/\/y\.test/,
    ],
    ['a failure', () => [sign(failed)], {}, /the newest verdict, of .*11:00.*, .* violates/],
    [
      'a failure after a pass, whatever the order',
      () => [sign({ verifiedAt: ago(2) }), sign(failed), sign({ verifiedAt: ago(3) })],
      {},
      /violates/,
    ],
    ['a failure at the same moment', () => [sign(), sign(failed), sign()], {}, /violates/],
    [
      'an old pass',
      () => [sign({ verifiedAt: ago(49) })],
      {},
      /2 days old, and 24 hours is the most/,
    ],
    ['a pass of the future', () => [sign({ verifiedAt: ago(-1) })], {}, /of the future/],
    [
      'another kind of statement',
      () => [signStatement(vulnsStatement(scan), keySigner(ours))],
      {},
      /another kind of statement/,
    ],
    [
      'what is none',
      () => [
        signStatement(
          { ...verdictStatement(claim), predicateType: verdictPredicate, predicate: {} },
          keySigner(ours),
        ),
      ],
      {},
      /no verification summary/,
    ],
  ])('%s does not', async (_name, bundles, change, why) => {
    const shown = judgeEvidence(await Promise.all(bundles()), digest, { ...wanted, ...change });
    expect(shown).toEqual({ ok: false, why: expect.stringMatching(why) });
  });
});

describe('canonicalJson', () => {
  it.each<[string, unknown, string]>([
    ['keys in order', { b: 1, a: { d: 1, c: [2, 1] } }, '{"a":{"c":[2,1],"d":1},"b":1}'],
    ['sets in order', { s: new Set(['HIGH', 'CRITICAL']) }, '{"s":["CRITICAL","HIGH"]}'],
    [
      'maps',
      new Map([
        ['b', 1],
        ['a', 2],
      ]),
      '{"a":2,"b":1}',
    ],
    ['dates', { at: new Date(0) }, '{"at":"1970-01-01T00:00:00.000Z"}'],
    ['nothing', { a: undefined, b: null }, '{"b":null}'],
  ])('%s', (_name, value, json) => {
    expect(canonicalJson(value)).toBe(json);
  });

  it('names the same content the same', () => {
    expect(canonicalDigest({ a: 1, b: 2 })).toBe(canonicalDigest({ b: 2, a: 1 }));
    expect(canonicalDigest({ a: 1 })).not.toBe(canonicalDigest({ a: 2 }));
  });
});
