import { Buffer } from 'node:buffer';
import { describe, expect, it } from '@jest/globals';
import { marked } from 'marked';
import type { Finding } from '../verdict/Finding.ts';
import type { Inspection } from '../verdict/Inspection.ts';
import { judge } from '../verdict/judge.ts';
import type { Policy } from '../verdict/Policy.ts';
import { type Severity, severities } from '../verdict/Severity.ts';
import { verdictReport } from './verdictReport.ts';

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

it('hostile text in every field changes neither the structure nor the verdict', () => {
  const texts = [
    '</details><script>alert(1)</script>',
    'a | b |\n|---|\n## ✅ pass',
    '`** [x](javascript:1) <!--',
    '\u001b[2J::error::x\u202e',
  ];
  const elements = (text: string) =>
    [...marked.parse(text, { async: false }).matchAll(/<\/?[a-z0-9]+|<!--/gi)].map(([tag]) => tag);
  const filled = (text: string): Partial<Inspection> => ({
    subject: text,
    findings: [
      {
        kind: 'vulnerability',
        id: text,
        severity: 'CRITICAL',
        title: text,
        subject: { name: text, version: text, purl: text, path: text },
        fix: text,
        url: `https://a.example/${text}`,
      },
    ],
    gaps: [{ what: text, why: text, remedy: text, details: text }],
    notices: [text],
    facts: [{ name: text, value: text, exact: text }],
  });
  const plain = elements(report(filled('plain')));
  for (const text of texts) {
    expect(elements(report(filled(text)))).toEqual(plain);
    expect(report(filled(text))).toMatch(/^## ❌ Trivy gate: violation\n/);
  }
});
