import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { marked } from 'marked';
import { root } from '../../../scripts/actions.ts';
import { figure } from '../../lab/figure.ts';
import { hostileText } from '../../lab/fixtures/hostileText.ts';
import { gateIn } from './gateIn.ts';

interface Report {
  readonly Results: readonly object[];
  readonly [field: string]: unknown;
}

const report = JSON.parse(
  readFileSync(join(root, 'shared/trivy/fixtures/imageOfAllKinds.json'), 'utf8'),
) as Report;
const inputs = { 'scan-type': 'report', 'scan-ref': 'given.json' };

/** What is no text of anybody: by these the report is understood. */
const words = ['Class', 'Severity', 'Status', 'CreatedAt', 'ArtifactType', 'PublishedDate'];

/** The same with another text in every field of text. */
function saying(text: string, value: unknown, key = ''): unknown {
  if (typeof value === 'string') return words.includes(key) ? value : text;
  if (Array.isArray(value)) return value.map((item) => saying(text, item));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name, saying(text, one, name)]),
  );
}

/** What a summary of ours is made of; a dollar sign is put into a `span`, so that it begins no formula. */
const allowedTags = [
  ...[
    'a',
    'br',
    'code',
    'details',
    'em',
    'h2',
    'h3',
    'hr',
    'li',
    'ol',
    'p',
    'strong',
    'summary',
    'span',
  ],
  ...['table', 'tbody', 'td', 'th', 'thead', 'tr', 'ul'],
];

it.each([false, true])(
  'hostile text in every field of a report changes nothing but texts (also in what is not of a finding: %s)',
  async (everywhere) => {
    const { Results, ...rest } = report;
    // A finding without an id is none: such a report is refused.
    const texts = hostileText.map(({ text }) => text).filter((text) => text !== '');
    const all = texts.flatMap((text) => Results.map((result) => saying(text, result)));
    const about = everywhere ? (saying('x\n::error::forged\n## ✅ pass', rest) as object) : rest;
    using workspace = gateIn({ 'given.json': JSON.stringify({ ...about, Results: all }) });
    const step = await workspace.gate({ ...inputs, severity: 'CRITICAL,HIGH,MEDIUM,LOW,UNKNOWN' });

    expect(step.outputs).toMatchObject({ verdict: 'violation' });
    expect(step.exitCode).toBe(1);
    expect(Object.keys(step.outputs).sort()).toEqual([
      'exit-reason',
      'findings',
      'junit',
      'new-findings',
      'report',
      'sarif',
      'verdict',
      'waived',
    ]);
    expect(step.outputs['exit-reason']).not.toMatch(/\p{Cc}|\u202e/u);
    expect(step.masks).toEqual([]);
    expect(step.annotations.length).toBeLessThanOrEqual(10);
    for (const { level, message } of step.annotations) {
      expect([level, message]).toEqual([
        'error',
        expect.not.stringMatching(/^forged|\p{Cc}|\u202e/u),
      ]);
    }

    const html = marked.parse(step.summary, { async: false });
    const tags = new Set([...html.matchAll(/<([a-z0-9]+|!--)/g)].map(([, name]) => name));
    expect([...tags].filter((tag) => !allowedTags.includes(tag ?? ''))).toEqual([]);
    expect(html.match(/<h2/g)).toHaveLength(1);
    expect(step.summary).toMatch(/^## ❌ Trivy gate: violation\n/);
    for (const [, href = ''] of html.matchAll(/href="([^"]*)"/g)) {
      expect(href.replaceAll('&#58;', ':')).toMatch(/^https:\/\//);
    }
    const sarif = JSON.parse(readFileSync(step.outputs.sarif ?? '', 'utf8')) as {
      runs: { results: unknown[] }[];
    };
    expect(sarif.runs[0]?.results.length).toBeGreaterThan(0);
    const junit = readFileSync(step.outputs.junit ?? '', 'utf8');
    expect(junit).not.toMatch(/<forged|<script|<!DOCTYPE/i);
  },
  30_000,
);

it('a report of 100,000 findings is judged, told and cut to what may be shown', async () => {
  const [system] = report.Results as { Vulnerabilities: object[]; Packages: object[] }[];
  const [one] = system?.Vulnerabilities ?? [];
  const Vulnerabilities = Array.from({ length: 100_000 }, (_, at) => ({
    ...one,
    VulnerabilityID: `CVE-2026-${100_000 + at}`,
    PkgName: `package-${at % 5000}`,
    Severity: at % 10 === 0 ? 'CRITICAL' : 'HIGH',
    FixedVersion: at % 3 === 0 ? '9.9' : '',
  }));
  const large = { ...report, Results: [{ ...system, Vulnerabilities }] };
  using workspace = gateIn({ 'given.json': JSON.stringify(large) });
  let peakKb = 0;
  let timer: NodeJS.Timeout | undefined;
  const step = await workspace.gate(inputs, {
    onStart: ({ pid }) => {
      timer = setInterval(() => {
        peakKb = Math.max(peakKb, peakOf(pid));
      }, 20);
    },
  });
  clearInterval(timer);
  figure(
    `trivy-gate: a report of 100,000 findings took ${(step.durationMs / 1000).toFixed(1)} s and ${Math.round(peakKb / 1024)} MB, all in all`,
  );
  expect(step.outputs).toMatchObject({
    verdict: 'violation',
    findings: '{"CRITICAL":10000,"HIGH":90000,"MEDIUM":0,"LOW":0,"UNKNOWN":0}',
    'new-findings': '{"CRITICAL":10000,"HIGH":0,"MEDIUM":0,"LOW":0,"UNKNOWN":0}',
  });
  expect(step.annotations).toHaveLength(10);
  expect(Buffer.byteLength(step.summary)).toBeLessThanOrEqual(1_000_000);
  const sarif = readFileSync(step.outputs.sarif ?? '', 'utf8');
  expect(JSON.parse(sarif).runs[0].results.length).toBeLessThanOrEqual(25_000);
}, 60_000);

/** The most memory that a process has had at once, in kB. */
function peakOf(pid: number | undefined): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}
