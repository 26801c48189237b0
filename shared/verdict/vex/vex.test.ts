import { describe, expect, it } from '@jest/globals';
import { hostileText } from '../../../test/lab/fixtures/hostileText.ts';
import { Failure } from '../../failure/Failure.ts';
import { exampleFinding, exampleInspection } from '../fixtures.ts';
import { readVex } from './readVex.ts';
import { excuses, VexIndex } from './VexIndex.ts';

const { subject } = exampleInspection();
/** The bill of materials of the image. */
const bom = 'urn:uuid:b0b0';
const digest = subject.slice(subject.indexOf('@') + 1);

/** An OpenVEX document of one statement. */
function openVex(
  statement: Record<string, unknown>,
  document: Record<string, unknown> = {},
): string {
  return JSON.stringify({
    '@context': 'https://openvex.dev/ns/v0.2.0',
    '@id': 'https://acme.example/vex/1',
    author: 'Acme',
    timestamp: '2026-11-01T00:00:00Z',
    version: 1,
    ...document,
    statements: [
      {
        vulnerability: { name: 'CVE-2021-44906' },
        products: [{ '@id': 'pkg:npm/minimist@1.2.5' }],
        status: 'not_affected',
        justification: 'vulnerable_code_not_in_execute_path',
        ...statement,
      },
    ],
  });
}

function cycloneDx(
  vulnerability: Record<string, unknown>,
  document: Record<string, unknown> = {},
): string {
  return JSON.stringify({
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: 'urn:uuid:3e67',
    metadata: {
      timestamp: '2026-11-01T00:00:00Z',
      supplier: { name: 'Acme' },
      component: { 'bom-ref': 'image', purl: `pkg:oci/web@${encodeURIComponent(digest)}` },
    },
    components: [
      { 'bom-ref': 'a', components: [{ 'bom-ref': 'b', purl: 'pkg:npm/minimist@1.2.5' }] },
    ],
    ...document,
    vulnerabilities: [
      {
        id: 'CVE-2021-44906',
        analysis: {
          state: 'not_affected',
          justification: 'code_not_reachable',
          detail: 'not used',
        },
        affects: [{ ref: 'b' }],
        ...vulnerability,
      },
    ],
  });
}

/** Whether the example's finding is excused by these documents. */
function isExcused(...documents: string[]): boolean {
  const index = new VexIndex(
    documents.flatMap((text) => readVex(text, 'vex.json')),
    exampleInspection({ bom }),
  );
  const statement = index.find(exampleFinding({ aliases: ['GHSA-xvch-5gv4-984h'] }));
  return statement !== undefined && excuses(statement);
}
const image = (purl: string, ...parts: string[]) => ({
  products: [{ '@id': purl, subcomponents: parts.map((id) => ({ '@id': id })) }],
});

describe('a statement of OpenVEX', () => {
  it('is read with its justification', () => {
    expect(readVex(openVex({ impact_statement: 'not used' }), 'vex.json')).toEqual([
      {
        vulnerabilities: ['CVE-2021-44906'],
        products: [
          { purls: [expect.objectContaining({ name: 'minimist' })], digests: [], parts: [] },
        ],
        status: 'not_affected',
        justification: 'vulnerable_code_not_in_execute_path',
        impact: 'not used',
        author: 'Acme',
        statedAt: new Date('2026-11-01T00:00:00Z'),
        source: 'vex.json',
      },
    ]);
  });

  it.each<[string, Record<string, unknown>, boolean]>([
    ['the package in its version', {}, true],
    ['the package in each version', { products: [{ '@id': 'pkg:npm/minimist' }] }, true],
    ['another version', { products: [{ '@id': 'pkg:npm/minimist@1.2.4' }] }, false],
    ['another package', { products: [{ '@id': 'pkg:npm/tar' }] }, false],
    ['no product', { products: [] }, false],
    [
      'the package by its identifiers',
      { products: [{ identifiers: { purl: 'pkg:npm/minimist' } }] },
      true,
    ],
    ['an alias', { vulnerability: { name: 'GHSA-xvch-5gv4-984h' } }, true],
    ['an alias of its own', { vulnerability: { name: 'X-1', aliases: ['CVE-2021-44906'] } }, true],
    [
      'an address that ends in the name',
      { vulnerability: { '@id': 'https://nvd.example/CVE-2021-44906' } },
      true,
    ],
    ['another vulnerability', { vulnerability: { name: 'CVE-2021-44907' } }, false],
    ['fixed', { status: 'fixed', justification: undefined }, true],
    ['affected', { status: 'affected' }, false],
    ['under investigation', { status: 'under_investigation' }, false],
    ['no justification', { justification: undefined }, false],
    ['free words', { justification: undefined, impact_statement: 'not used' }, true],
    ['the image', image(`pkg:oci/web@${digest}`), true],
    ['the image, by its hash', { products: [{ hashes: { 'sha-256': digest.slice(7) } }] }, true],
    [
      'the image of this repository',
      image(`pkg:oci/web@${digest}?repository_url=acme.azurecr.io/team/web`),
      true,
    ],
    [
      'the image of another repository',
      image(`pkg:oci/web@${digest}?repository_url=evil.example/web`),
      false,
    ],
    ['each image of the name', image('pkg:oci/web'), true],
    ['the folder of the image', image('pkg:oci/web?repository_url=acme.azurecr.io/team'), true],
    ['a tag', image('pkg:oci/web?tag=1.0'), false],
    ['another image', image(`pkg:oci/api@${digest}`), false],
    ['another digest', image(`pkg:oci/web@sha256:${'b'.repeat(64)}`), false],
    ['the package in the image', image('pkg:oci/web', 'pkg:npm/tar', 'pkg:npm/minimist'), true],
    ['another package in the image', image('pkg:oci/web', 'pkg:npm/tar'), false],
    ['a part of the image that cannot be read', image('pkg:oci/web', 'minimist'), false],
    ['the package in another product', image('pkg:npm/express', 'pkg:npm/minimist'), false],
    ['a part of the package', image('pkg:npm/minimist', 'pkg:npm/tar'), false],
  ])('about %s', (_, statement, expected) => {
    expect(isExcused(openVex(statement))).toBe(expected);
  });

  it('in its first version has bare names', () => {
    const old = (id: string) =>
      openVex({
        vulnerability: 'CVE-2021-44906',
        products: ['pkg:oci/web'],
        subcomponents: [id],
      });
    expect(isExcused(old('pkg:npm/minimist'))).toBe(true);
    expect(isExcused(old('pkg:npm/tar'))).toBe(false);
  });

  it('is overruled by a later one, and by one of the same time that excuses less', () => {
    const affected = (timestamp: string) => openVex({ status: 'affected', timestamp });
    const before = affected('2026-10-01T00:00:00Z');
    const same = affected('2026-11-01T00:00:00Z');
    const after = affected('2026-12-01T00:00:00Z');
    expect(isExcused(before, openVex({}))).toBe(true);
    expect(isExcused(openVex({}), before)).toBe(true);
    expect(isExcused(openVex({}), same)).toBe(false);
    expect(isExcused(same, openVex({}))).toBe(false);
    expect(isExcused(after, openVex({}))).toBe(false);
  });

  it('is about no image where there is none', () => {
    const statements = readVex(openVex(image('pkg:oci/web')), 'vex.json');
    for (const other of ['a folder', 'web', 'acme.azurecr.io/team/web:1.0', `///@${digest}`]) {
      expect(new VexIndex(statements, { subject: other }).find(exampleFinding())).toBeUndefined();
    }
  });

  it('is about vulnerabilities only', () => {
    const index = new VexIndex(readVex(openVex({}), 'vex.json'), { subject });
    expect(index.find(exampleFinding({ kind: 'secret' }))).toBeUndefined();
  });
});

describe('a statement of CycloneDX', () => {
  it('is read with its justification', () => {
    expect(readVex(cycloneDx({}), 'bom.json')).toMatchObject([
      {
        status: 'not_affected',
        justification: 'code_not_reachable',
        impact: 'not used',
        author: 'Acme',
        statedAt: new Date('2026-11-01T00:00:00Z'),
      },
    ]);
  });

  const inVersions = (version: Record<string, string>) => ({
    affects: [{ ref: 'pkg:npm/minimist', versions: [version] }],
  });
  const because = (state: string) => ({ analysis: { state, detail: 'looked' } });
  it.each<[string, Record<string, unknown>, boolean]>([
    ['a component inside', {}, true],
    ['the image', { affects: [{ ref: 'image' }] }, true],
    ['a package URL', { affects: [{ ref: 'pkg:npm/minimist@1.2.5' }] }, true],
    ['a BOM link', { affects: [{ ref: 'urn:cdx:3e67/1#pkg%3Anpm%2Fminimist%401.2.5' }] }, true],
    ['a BOM link to a component', { affects: [{ ref: 'urn:cdx:3e67/1#b' }] }, true],
    ['another package', { affects: [{ ref: 'pkg:npm/tar@1' }] }, false],
    ['what is not there', { affects: [{ ref: 'c' }] }, false],
    ['nothing', { affects: [] }, false],
    ['its version', inVersions({ version: '1.2.5', status: 'unaffected' }), true],
    ['another version', inVersions({ version: '1', status: 'unaffected' }), false],
    ['its version, which is affected', inVersions({ version: '1.2.5', status: 'affected' }), false],
    ['its version, of which nothing is said', inVersions({ version: '1.2.5' }), false],
    ['a range', inVersions({ range: 'vers:npm/<2', status: 'unaffected' }), false],
    [
      'the bill of the image',
      { affects: [{ ref: 'urn:cdx:b0b0/1#pkg:npm/minimist@1.2.5' }] },
      true,
    ],
    ['another package of the bill', { affects: [{ ref: 'urn:cdx:b0b0/1#pkg:npm/tar@1' }] }, false],
    ['the bill of another image', { affects: [{ ref: 'urn:cdx:0b0b/1#pkg:npm/minimist' }] }, false],
    ['a reference', { id: 'X-1', references: [{ id: 'CVE-2021-44906' }] }, true],
    ['resolved', because('resolved'), true],
    ['a false positive', because('false_positive'), true],
    ['exploitable', because('exploitable'), false],
    ['in triage', because('in_triage'), false],
    ['no reason', { analysis: { state: 'not_affected' } }, false],
    ['no analysis', { analysis: undefined }, false],
    ['no state', { analysis: { detail: 'x' } }, false],
  ])('about %s', (_, vulnerability, expected) => {
    expect(isExcused(cycloneDx(vulnerability))).toBe(expected);
  });
});

describe('a component in a CycloneDX document', () => {
  it.each<[string, unknown, boolean]>([
    ['of this image', { 'bom-ref': 'image', purl: 'pkg:oci/web' }, true],
    ['of another image', { 'bom-ref': 'image', purl: 'pkg:oci/api' }, false],
    ['of a product without an address', { 'bom-ref': 'image' }, false],
    ['of another package', { purl: 'pkg:npm/express@4' }, false],
    ['that is the product', { 'bom-ref': 'b', purl: 'pkg:npm/minimist@1.2.5' }, true],
    ['of no product', undefined, true],
  ])('%s', (_, component, expected) => {
    expect(isExcused(cycloneDx({}, { metadata: { component } }))).toBe(expected);
  });
});

describe('what is no VEX', () => {
  it.each([
    ['', 'The VEX document vex.json is not JSON.'],
    ['{}', 'vex.json is no VEX document that is known.'],
    ['null', 'vex.json is no VEX document that is known.'],
    [openVex({ status: 'fine' }), 'tatements.0.status: '],
    [cycloneDx({ analysis: { state: 'fine' } }), 'ulnerabilities.0.analysis.state: '],
    ['{"@context": "https://openvex.dev/ns/v0.2.0"}', 'Statements: '],
  ])('%.30j is refused', (text, why) => {
    expect(() => readVex(text, 'vex.json')).toThrow(why);
  });

  it('hostile texts are text, or are refused', () => {
    for (const { text } of hostileText) {
      expect(() => readVex(text, text)).toThrow(Failure);
      expect(isExcused(openVex({ vulnerability: text, products: [text] }))).toBe(false);
      expect(isExcused(cycloneDx({ id: text, affects: [{ ref: text }] }))).toBe(false);
    }
  });
});
