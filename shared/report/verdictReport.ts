import { Buffer } from 'node:buffer';
import { oneLine } from '../log/oneLine.ts';
import { countBySeverity, describeCounts } from '../verdict/countBySeverity.ts';
import type { Finding } from '../verdict/Finding.ts';
import type { Gap, Inspection } from '../verdict/Inspection.ts';
import type { Judgement, Outcome } from '../verdict/Verdict.ts';
import { blocks, code, link, type Markdown, md } from './Markdown.ts';
import { type Row, table, tableWithin } from './table.ts';

const icons: Readonly<Record<Outcome, string>> = { pass: '✅', violation: '❌', incomplete: '⚠️' };

/** What the sentences about left out rows and the folding take. */
const spareBytes = 2000;

/** What the summary says besides the verdict and what it rests on. */
export interface VerdictReportOptions {
  readonly title: string;
  /** Said under the verdict, such as that it does not fail the step. */
  readonly remarks: readonly string[];
  /** The most that the report may take, in UTF-8. What matters least is left out, and that is said. */
  readonly bytes: number;
}

/** Writes a verdict for people: the verdict first, then why, what was looked at, and what was found. */
export function verdictReport(
  inspection: Inspection,
  { verdict, counted, others }: Judgement,
  { title, remarks, bytes }: VerdictReportOptions,
): Markdown {
  const head = blocks(
    md`## ${icons[verdict.outcome]} ${title}: ${verdict.outcome}`,
    md`**${verdict.reason}**`,
    verdict.remedy === undefined ? undefined : md`${verdict.remedy}`,
    ...[...remarks, ...inspection.notices].map((text) => md`⚠️ ${text}`),
    // The first gap is the reason of an incomplete verdict already.
    gapList(verdict.outcome === 'incomplete' ? inspection.gaps.slice(1) : inspection.gaps),
    factTable(inspection, counted, others),
  );
  let left = bytes - Buffer.byteLength(head.text) - spareBytes;
  const counting = findingTable(counted, left);
  left -= counting === undefined ? 0 : Buffer.byteLength(counting.text);
  const rest = findingTable(others, left);
  return blocks(
    head,
    counting && md`### What counts`,
    counting,
    rest &&
      md`<details><summary>What does not count: ${describeCounts(countBySeverity(others))}</summary>`,
    rest,
    rest && md`</details>`,
  );
}

function gapList(gaps: readonly Gap[]): Markdown | undefined {
  if (gaps.length === 0) return undefined;
  const rows = gaps.map(({ what, why, remedy }) => [
    md`${[what, why].filter(Boolean).join(' ')}`,
    md`${remedy ?? ''}`,
  ]);
  return table([md`Not seen`, md`What to do`], rows);
}

function factTable(
  { subject, facts }: Inspection,
  counted: readonly Finding[],
  others: readonly Finding[],
): Markdown {
  const found = describeCounts(countBySeverity([...counted, ...others]));
  return table(
    [md`Subject`, code(subject)],
    [
      ...facts.map(({ name, value, exact }) => [
        md`${name}`,
        exact === undefined ? md`${value}` : md`${value} ${code(exact)}`,
      ]),
      [md`Findings`, md`${found === '' ? 'none' : found}`],
    ],
  );
}

function findingTable(findings: readonly Finding[], bytes: number): Markdown | undefined {
  if (findings.length === 0) return undefined;
  const head = [
    md`Severity`,
    md`Package`,
    md`Installed`,
    md`Fixed in`,
    md`Finding`,
    md`What it is`,
  ];
  const { markdown, shown } = tableWithin(head, rows(findings), bytes);
  if (shown === findings.length) return markdown;
  const left = describeCounts(countBySeverity(findings.slice(shown)));
  const said = md`The summary has no room for ${findings.length - shown} more (${left}); the report has them all.`;
  return shown === 0 ? said : blocks(markdown, said);
}

function* rows(findings: readonly Finding[]): Generator<Row> {
  for (const { severity, subject, fix, id, title, url } of findings) {
    yield [
      md`${severity}`,
      subject.path === undefined
        ? code(oneLine(subject.name))
        : md`${code(oneLine(subject.name))} in ${code(oneLine(subject.path))}`,
      code(oneLine(subject.version ?? '')),
      fix === undefined ? md`no fix yet` : code(oneLine(fix)),
      link(code(oneLine(id)), url),
      md`${oneLine(title ?? '')}`,
    ];
  }
}
