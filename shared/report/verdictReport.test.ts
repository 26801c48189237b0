import { Buffer } from 'node:buffer';
import { describe, expect, it } from '@jest/globals';
import { marked } from 'marked';
import { hostileRows } from '../../test/lab/fixtures/hostileText.ts';
import type { Finding } from '../verdict/Finding.ts';
import type { Inspection } from '../verdict/Inspection.ts';
import { judge } from '../verdict/judge.ts';
import type { Policy } from '../verdict/Policy.ts';
import { type Severity, severities } from '../verdict/Severity.ts';
import type { Judgement } from '../verdict/Verdict.ts';
import { readDockerfile } from './dockerfile/readDockerfile.ts';
import { type VerdictReportOptions, verdictReport } from './verdictReport.ts';

const policy: Policy = { severities: new Set(['CRITICAL']), ignoreUnfixed: false };

function finding(severity: Severity, name: string, fix?: string): Finding {
  return {
    kind: 'vulnerability',
    id: `CVE-${name}`,
    severity,
    title: `what ${name} has`,
    subject: { name, version: '1.0', purl: undefined, path: undefined },
    fix,
    url: `https://a.example/${name}`,
  };
}

function report(
  inspection: Partial<Inspection>,
  bytes = 1_000_000,
  remarks: string[] = [],
): string {
  const whole: Inspection = {
    subject: 'acme.azurecr.io/web@sha256:00',
    findings: [],
    gaps: [],
    notices: [],
    facts: [],
    ...inspection,
  };
  return verdictReport(whole, judge(whole, policy), { title: 'Trivy gate', remarks, bytes }).text;
}

describe('the report', () => {
  it('begins with the verdict and why, then what was looked at, then the worst finding', () => {
    const text = report(
      {
        findings: [
          finding('LOW', 'low'),
          finding('CRITICAL', 'unfixed'),
          finding('CRITICAL', 'fixed', '2.0'),
        ],
        notices: ['alpine 3.10 is at its end of life'],
        facts: [{ name: 'Platform', value: 'linux/amd64' }],
      },
      1_000_000,
      ['The step goes on'],
    );
    const order = [
      '## ❌ Trivy gate: violation',
      '2 CRITICAL findings in acme',
      'Update fixed to 2.0',
      '⚠️ The step goes on',
      '⚠️ alpine 3.10 is at its end of life',
      '| Platform | linux/amd64 |',
      '| Findings | 2 CRITICAL, 1 LOW |',
      '### What counts',
      '<code>CVE-fixed</code>',
      '<code>CVE-unfixed</code>',
      'What does not count: 1 LOW',
      '<code>CVE-low</code>',
      '</details>',
    ].map((part) => text.indexOf(part));
    expect(order).not.toContain(-1);
    expect(order).toEqual(order.toSorted((a, b) => a - b));
  });

  it.each([
    [{}, '## ✅ Trivy gate: pass'],
    [{ gaps: [{ what: 'Nothing seen.', remedy: 'Look again.' }] }, '## ⚠️ Trivy gate: incomplete'],
    [{}, '| Findings | none |'],
  ])('of %j says %s', (inspection, said) => {
    expect(report(inspection)).toContain(said);
  });

  it('lists each gap once', () => {
    const gaps = ['first', 'second'].map((what) => ({ what, remedy: `repair the ${what}` }));
    const incomplete = report({ gaps });
    expect(incomplete).toContain('**first The summary has 1 more.**');
    expect(incomplete).toContain('| second | repair the second |');
    expect(incomplete).not.toContain('| first |');
    expect(report({ gaps, findings: [finding('CRITICAL', 'x')] })).toContain('| first |');
  });

  it.each([5000, 20_000, 100_000])('stays within %d bytes and says what it left out', (bytes) => {
    const findings = severities.flatMap((severity) =>
      Array.from({ length: 1000 }, (_, at) => finding(severity, `ü${at}`)),
    );
    const text = report({ findings }, bytes);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(bytes);
    expect(Buffer.byteLength(text)).toBeGreaterThan(bytes / 3);
    const rows = text.match(/^\| CRITICAL \|/gm)?.length ?? 0;
    expect(text).toContain(
      `The summary has no room for ${1000 - rows} more (${1000 - rows} CRITICAL); the report has them all.`,
    );
    expect(text).toContain(
      'no room for 4000 more (1000 HIGH, 1000 MEDIUM, 1000 LOW, 1000 UNKNOWN)',
    );
    expect(text.match(/<details>/g)).toHaveLength(text.match(/<\/details>/g)?.length ?? 0);
  });
});

const empty: Inspection = { subject: 'web', findings: [], gaps: [], notices: [], facts: [] };
const judged = (judgement: Partial<Judgement>): Judgement => ({
  ...judge(empty, policy),
  ...judgement,
});
const waiver = {
  id: 'CVE-waived',
  owner: 'Ada',
  reason: 'no route leads there',
  // The end of `expires: 2027-01-31`.
  expires: new Date('2027-02-01T00:00:00Z'),
  source: 'waivers.yaml:3',
};
const told = (judgement: Partial<Judgement>, options: Partial<VerdictReportOptions> = {}) =>
  verdictReport(empty, judged(judgement), {
    title: 'Trivy gate',
    remarks: [],
    bytes: 1_000_000,
    ...options,
  }).text;
const layered = (finding: Finding, createdBy: string, diffId = 'sha256:1'): Finding => ({
  ...finding,
  layer: { diffId, createdBy },
});

describe('a package', () => {
  it('is one row with the version that removes most', () => {
    const purl = 'pkg:npm/minimist';
    const counted = ['1.2.3', '1.2.6, 0.2.4', undefined].map((fix, at) => ({
      ...finding('CRITICAL', `m${at}`, fix),
      subject: { name: 'minimist', version: '1.2.0', purl, path: `app${at}/package.json` },
    }));
    const text = told({ counted });
    expect(text.match(/^\| CRITICAL \|/gm)).toHaveLength(1);
    expect(text).toContain('<code>minimist</code> in <code>app0/package.json</code> and 2 more');
    expect(text).toContain('| <code>1.2.6</code> removes 2 of 3 |');
    for (const { id } of counted) expect(text).toContain(`<code>${id}</code>`);
  });

  it('with more advisories than anybody reads names the worst', () => {
    const counted = severities.flatMap((severity) =>
      Array.from({ length: 8 }, (_, at) => ({
        ...finding(severity, `${severity}${at}`),
        subject: { name: 'linux', version: '6', purl: undefined, path: undefined },
      })),
    );
    expect(told({ counted })).toContain('and 20 more (4 MEDIUM, 8 LOW, 8 UNKNOWN)');
  });
});

describe('where it came from', () => {
  const dockerfile = readDockerfile('app/Dockerfile', 'FROM debian:12\nRUN npm ci\n');
  const counted = [
    layered(finding('CRITICAL', 'own', '2'), 'RUN /bin/sh -c npm ci # buildkit'),
    layered(finding('CRITICAL', 'theirs'), '/bin/sh -c #(nop) ADD file:01 in / ', 'sha256:2'),
  ];
  it.each<[string, Partial<VerdictReportOptions>, string[], string[]]>([
    ['nothing is known', {}, ['<code>RUN /bin/sh -c npm ci # buildkit</code>'], ['💡']],
    [
      'the Dockerfile',
      { dockerfile },
      [
        '<code>app/Dockerfile&#58;2</code> <code>RUN',
        'base image&#8203;:',
        '💡 1 of 2 that count comes',
      ],
      [],
    ],
    ['the base image', { baseLayers: new Set(['sha256:2']) }, ['💡 1 of 2 that count'], []],
    [
      'what the caller knows',
      { recommendation: 'debian:13 has *none*' },
      ['💡 debian:&#8203;13 has &#42;none'],
      [],
    ],
  ])('%s', (_, options, present, absent) => {
    const text = told({ counted }, options).replace('base image:', 'base image&#8203;:');
    for (const part of present) expect(text).toContain(part);
    for (const part of absent) expect(text).not.toContain(part);
  });

  it('an operating system at its end has a next release', () => {
    const system = { family: 'alpine', name: '3.10.9', endOfLife: true };
    expect(report({ system })).toContain('move the base image to alpine 3.11 or later');
  });
});

it('tells waivers, the statements of vendors, and what changed', () => {
  const text = told(
    {
      waived: [
        { finding: finding('HIGH', 'waived'), excuse: { kind: 'waiver', waiver } },
        {
          finding: finding('LOW', 'vex'),
          excuse: {
            kind: 'vex',
            status: 'not_affected',
            justification: 'code_not_reachable',
            author: 'Acme',
            source: 'vex.json',
          },
        },
      ],
      known: [finding('HIGH', 'known')],
      notices: ['A waiver ends soon'],
      baseline: 'web@sha256:11',
    },
    { removed: [finding('CRITICAL', 'gone')] },
  );
  for (const part of [
    '⚠️ A waiver ends soon',
    '| Baseline | <code>web&#64;sha256&#58;11</code>: 0 added, 1 gone, 1 known |',
    '<summary>Waived: 1 HIGH, 1 LOW</summary>',
    '| Ada | no route leads there | 2027-01-31 |',
    '| Acme | VEX: not&#95;affected, code&#95;not&#95;reachable |  |',
    '<summary>Gone since the baseline: 1 CRITICAL</summary>',
    '<summary>Known from the baseline: 1 HIGH</summary>',
  ]) {
    expect(text).toContain(part);
  }
});

describe('hostile text in every field changes neither the structure nor the verdict', () => {
  const elements = (text: string) =>
    [...marked.parse(text, { async: false }).matchAll(/<\/?[a-z0-9]+|<!--/gi)]
      .map(([tag]) => tag.toLowerCase())
      // Links are ours, and a dollar sign stands in a span of its own.
      .filter((tag) => !/^<\/?(?:span|code|a)$/.test(tag));
  function filled(text: string): string {
    const hostile: Finding = {
      kind: 'vulnerability',
      id: text,
      severity: 'CRITICAL',
      title: text,
      subject: { name: text, version: text, purl: text, path: text },
      fix: text,
      url: `https://a.example/${text}`,
      layer: { diffId: text, createdBy: text },
      advice: text,
      status: text,
    };
    const inspection: Inspection = {
      subject: text,
      findings: [hostile],
      gaps: [{ what: text, why: text, remedy: text, details: text }],
      notices: [text],
      facts: [{ name: text, value: text, exact: text }],
      system: { family: text, name: text, endOfLife: true },
    };
    const vex = { status: text, justification: text, author: text, source: text };
    const judgement: Judgement = {
      ...judge(inspection, policy),
      known: [hostile],
      waived: [
        {
          finding: hostile,
          excuse: { kind: 'waiver', waiver: { ...waiver, owner: text, reason: text } },
        },
        { finding: hostile, excuse: { kind: 'vex', ...vex } },
      ],
      others: [hostile],
      notices: [text],
      baseline: text,
    };
    return verdictReport(inspection, judgement, {
      title: 'Trivy gate',
      remarks: [],
      bytes: 1_000_000,
      recommendation: text,
      removed: [hostile],
      dockerfile: readDockerfile('Dockerfile', text),
    }).text;
  }
  const plain = elements(filled('plain'));
  it.each([
    // Without a text nobody can say where a layer came from: that is one sentence less.
    ...hostileRows('command', 'markdown', 'terminal', 'unicode', 'shell', 'data').filter(
      ([, text]) => text !== '',
    ),
    ['two of these', '</details><script>alert(1)</script>'],
    ['a row', 'a | b |\n|---|\n## ✅ pass'],
  ])('%s', (_, text) => {
    expect(elements(filled(text))).toEqual(plain);
    expect(filled(text)).toMatch(/^## ❌ Trivy gate: violation\n/);
  });
});
