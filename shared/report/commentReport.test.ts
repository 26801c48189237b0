import { expect, it } from '@jest/globals';
import type { Finding } from '../verdict/Finding.ts';
import type { Inspection } from '../verdict/Inspection.ts';
import { judge } from '../verdict/judge.ts';
import type { Judgement } from '../verdict/Verdict.ts';
import { commentReport } from './commentReport.ts';

const inspection: Inspection = {
  subject: 'web@sha256:00',
  findings: [],
  gaps: [],
  notices: [],
  facts: [],
};
const finding = (id: string): Finding => ({
  kind: 'vulnerability',
  id,
  severity: 'CRITICAL',
  title: `ü ${id}`,
  subject: { name: id, version: '1.0', purl: undefined, path: undefined },
  fix: '2.0',
  url: undefined,
});
const judged = (judgement: Partial<Judgement>): Judgement => ({
  ...judge(inspection, { severities: new Set(['CRITICAL']), ignoreUnfixed: false }),
  ...judgement,
});
const url = 'https://github.com/acme/web/actions/runs/1';

it('tells the verdict, what is new, what is gone, and where the rest is', () => {
  const { text } = commentReport(
    inspection,
    judged({ counted: [finding('new')], known: [finding('old')], baseline: 'main' }),
    { title: 'Trivy gate', removed: [finding('gone')], url },
  );
  const order = [
    '## ✅ Trivy gate: pass',
    'Against <code>main</code>: 1 added, 1 gone, 1 known',
    '### New with this change',
    '<code>new</code>',
    '<summary>Gone with this change: 1 CRITICAL</summary>',
    '<code>gone</code>',
    'Besides, known: 1 CRITICAL.',
    'The whole report</a>',
  ].map((part) => text.indexOf(part));
  expect(order).not.toContain(-1);
  expect(order).toEqual(order.toSorted((a, b) => a - b));
  expect(text).not.toContain('<code>old</code>');
});

it('without a baseline tells what counts', () => {
  const { text } = commentReport(inspection, judged({ counted: [finding('a')] }), { title: 'T' });
  expect(text).toContain('### What counts');
  expect(text).not.toContain('Against');
});

it('fits into a comment', () => {
  const counted = Array.from({ length: 5000 }, (_, at) => finding(`CVE-${at}`));
  const { text } = commentReport(inspection, judged({ counted }), {
    title: 'T',
    removed: counted,
    url,
  });
  expect(text.length).toBeLessThan(65_000);
  expect(text).toMatch(/no room for \d+ more \(\d+ CRITICAL\)/);
  expect(text).toContain('The whole report');
  expect(text.match(/<details>/g)?.length).toBe(text.match(/<\/details>/g)?.length);
});
