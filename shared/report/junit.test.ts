import { expect, it } from '@jest/globals';
import { SaxesParser } from 'saxes';
import { hostileRows } from '../../test/lab/fixtures/hostileText.ts';
import type { Finding } from '../verdict/Finding.ts';
import type { Inspection } from '../verdict/Inspection.ts';
import { judge } from '../verdict/judge.ts';
import type { Excused, Judgement } from '../verdict/Verdict.ts';
import { junit } from './junit.ts';

const finding = (id: string, text = 'minimist'): Finding => ({
  kind: 'vulnerability',
  id,
  severity: 'CRITICAL',
  title: text,
  subject: { name: text, version: '1.2.0', purl: undefined, path: text },
  fix: '1.2.6',
  url: undefined,
});
const excused = (id: string, text: string): Excused => ({
  finding: finding(id, text),
  excuse: { kind: 'vex', status: text, justification: text, author: text, source: text },
});
const inspection: Inspection = {
  subject: 'web',
  findings: [],
  gaps: [],
  notices: [],
  facts: [],
  scannedAt: new Date('2026-11-24T12:00:00.5Z'),
};
const judged = (judgement: Partial<Judgement>, seen = inspection): Judgement => ({
  ...judge(seen, { severities: new Set(['CRITICAL']), ignoreUnfixed: false }),
  ...judgement,
});

/** The elements as a strict parser of XML sees them. @throws {Error} where it is not well-formed */
function elements(xml: string) {
  const found: { name: string; attributes: Record<string, string> }[] = [];
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) =>
    found.push({ name, attributes: attributes as Record<string, string> }),
  );
  parser.write(xml).close();
  return found;
}

it('fails by what counts, and skips what is waived or known', () => {
  const judgement = judged({
    counted: [finding('CVE-1')],
    known: [finding('CVE-2')],
    waived: [excused('CVE-3', 'why')],
    others: [finding('CVE-4')],
  });
  const all = elements(junit(inspection, judgement, 'Trivy gate'));
  expect(all.map(({ name, attributes }) => [name, attributes.name ?? attributes.message])).toEqual([
    ['testsuites', 'Trivy gate'],
    ['testsuite', 'Trivy gate: web'],
    ['testcase', 'all was seen'],
    ['testcase', 'CVE-1'],
    ['failure', 'CRITICAL: minimist 1.2.0: minimist; fixed in 1.2.6'],
    ['testcase', 'CVE-2'],
    ['skipped', 'known from the baseline'],
    ['testcase', 'CVE-3'],
    ['skipped', 'VEX: why, why (why)'],
  ]);
  expect(all[1]?.attributes).toMatchObject({
    tests: '4',
    failures: '1',
    errors: '0',
    skipped: '2',
    timestamp: '2026-11-24T12:00:00',
  });
});

it('of a verdict that is incomplete has an error', () => {
  const seen = { ...inspection, gaps: [{ what: 'Nothing was seen.', remedy: 'Look again.' }] };
  const all = elements(junit(seen, judged({}, seen), 'Trivy gate'));
  expect(all.at(-1)).toEqual({
    name: 'error',
    attributes: { type: 'incomplete', message: 'Nothing was seen.' },
  });
});

it.each([
  ...hostileRows('command', 'markdown', 'terminal', 'unicode', 'shell', 'data'),
  ['every character below 256', String.fromCharCode(...Array(256).keys())],
  ['characters that are none', '\ufffe\uffff\ud800'],
])('is well-formed with %s', (_, text) => {
  const seen = { ...inspection, subject: text, gaps: [{ what: text, why: text, remedy: text }] };
  const judgement = judged(
    {
      counted: [{ ...finding(text, text), fix: text }],
      known: [{ ...finding(text, text), lines: { file: text, start: 1, end: 1 } }],
      waived: [excused(text, text)],
    },
    seen,
  );
  expect(elements(junit(seen, judgement, 'Trivy gate')).map(({ name }) => name)).toEqual([
    ...['testsuites', 'testsuite', 'testcase', 'error'],
    ...['testcase', 'failure', 'testcase', 'skipped', 'testcase', 'skipped'],
  ]);
});
