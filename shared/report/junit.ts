import { oneLine } from '../log/oneLine.ts';
import { count } from '../text/count.ts';
import type { Finding } from '../verdict/Finding.ts';
import { gapsOf } from '../verdict/gapsOf.ts';
import type { Gap, Inspection } from '../verdict/Inspection.ts';
import type { Judgement } from '../verdict/Verdict.ts';
import { describeFinding, nameOf } from './describeFinding.ts';
import { justify } from './excuseTable.ts';
import { element } from './xml.ts';

/**
 * Writes JUnit's XML. The first case is whether all was seen, so that a suite is never empty, which many
 * readers take for a failure: an error when not. What counts fails, and what is waived or known from the
 * baseline is skipped; what does not count is no case.
 */
export function junit(inspection: Inspection, judgement: Judgement, title: string): string {
  const { counted, known, waived, verdict } = judgement;
  const { scannedAt } = inspection;
  const gaps = gapsOf(inspection, judgement);
  const incomplete = verdict.outcome === 'incomplete' || gaps.length > 0;
  const cases = [
    element(
      'testcase',
      { classname: title, name: 'all was seen' },
      incomplete
        ? element('error', { type: 'incomplete', message: describeGaps(gaps, judgement) })
        : '',
    ),
    ...counted.map(failed),
    ...known.map((finding) => skipped(finding, 'known from the baseline')),
    ...waived.map(({ finding, excuse }) => skipped(finding, justify(excuse))),
  ];
  const figures = {
    tests: cases.length,
    failures: counted.length,
    errors: incomplete ? 1 : 0,
    skipped: known.length + waived.length,
  };
  const suite = element(
    'testsuite',
    {
      name: `${title}: ${oneLine(inspection.subject, 1000)}`,
      ...figures,
      ...(scannedAt && { timestamp: scannedAt.toISOString().slice(0, 19) }),
    },
    cases.join('\n'),
  );
  const suites = element('testsuites', { name: title, ...figures }, suite);
  return `<?xml version="1.0" encoding="UTF-8"?>\n${suites}\n`;
}

function describeGaps(gaps: readonly Gap[], { verdict }: Judgement): string {
  const told = gaps.slice(0, 10).map(({ what, why }) => [what, why].filter(Boolean).join(' '));
  const more = gaps.length > 10 ? [`and ${count(gaps.length - 10, 'gap')} more`] : [];
  const all = told.length === 0 ? [verdict.reason] : [...told, ...more];
  return all.map((text) => oneLine(text, 1000)).join(' ');
}

function failed(finding: Finding): string {
  const message = `${finding.severity}: ${describeFinding(finding)}`;
  return testcase(finding, element('failure', { type: finding.severity, message }));
}

function skipped(finding: Finding, message: string): string {
  return testcase(finding, element('skipped', { message }));
}

function testcase(finding: Finding, content: string): string {
  const { id, subject, lines } = finding;
  const file = lines?.file ?? subject.path;
  return element(
    'testcase',
    {
      classname: nameOf(finding),
      name: oneLine(id),
      ...(file !== undefined && { file: oneLine(file) }),
    },
    content,
  );
}
