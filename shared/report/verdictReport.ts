import { oneLine } from '../log/oneLine.ts';
import { countBySeverity, describeCounts } from '../verdict/countBySeverity.ts';
import type { Finding } from '../verdict/Finding.ts';
import { gapsOf } from '../verdict/gapsOf.ts';
import type { Gap, Inspection } from '../verdict/Inspection.ts';
import type { Judgement, Outcome, Verdict } from '../verdict/Verdict.ts';
import { adviceOf } from './adviceOf.ts';
import { excuseTable } from './excuseTable.ts';
import { findingTable, type Telling } from './findingTable.ts';
import { code, type Markdown, md } from './Markdown.ts';
import { type Origins, originOf } from './originOf.ts';
import { Sections } from './Sections.ts';
import { table, tableWithin } from './table.ts';

export const icons: Readonly<Record<Outcome, string>> = {
  pass: '✅',
  violation: '❌',
  incomplete: '⚠️',
};

/** What the titles of sections and the folding take. */
const spareBytes = 1000;
/** A longer sentence is no sentence. */
const longest = 1000;
const mostFacts = 50;

/** What the summary says besides the verdict and what it rests on. */
export interface VerdictReportOptions extends Origins {
  readonly title: string;
  /** Said under the verdict, such as that it does not fail the step. */
  readonly remarks: readonly string[];
  /** The most that the report may take, in UTF-8. What matters least is left out, and that is said. */
  readonly bytes: number;
  /** What the baseline had that is no longer there; absent where nobody has looked. */
  readonly removed?: readonly Finding[] | undefined;
  /** What else removes most, where the caller knows it, such as a newer tag of the base. Untrusted. */
  readonly recommendation?: string | undefined;
}

/** Writes a verdict for people: the verdict first, then why, what was looked at, and what was found. */
export function verdictReport(
  inspection: Inspection,
  judgement: Judgement,
  options: VerdictReportOptions,
): Markdown {
  const { verdict, counted, known, waived, others } = judgement;
  const { title, remarks, bytes, removed, recommendation, dockerfile } = options;
  const origin = originOf(options);
  const telling: Telling = { origin, file: dockerfile?.file };
  const sections = new Sections(bytes - spareBytes);
  addVerdict(sections, title, verdict);
  const notices = [...remarks, ...inspection.notices, ...judgement.notices];
  sections.addSome(
    notices.map((text) => md`⚠️ ${oneLine(text, longest)}`),
    0.2,
  );
  // The first gap is the reason of an incomplete verdict already.
  const gaps = gapsOf(inspection, judgement).slice(verdict.outcome === 'incomplete' ? 1 : 0);
  sections.add(gapTable(gaps, sections.left / 4));
  const advice = adviceOf(inspection, judgement, origin);
  if (recommendation !== undefined) advice.push(recommendation);
  sections.addSome(
    advice.map((text) => md`💡 ${oneLine(text, longest)}`),
    0.1,
  );
  sections.add(factTable(inspection, judgement, removed));
  if (counted.length > 0) {
    sections.add(md`### What counts`);
    sections.add(findingTable(counted, telling, sections.left - spareBytes));
  }
  const waivers = excuseTable(waived, sections.left / 2);
  if (waivers)
    sections.fold(md`Waived: ${countsOf(waived.map(({ finding }) => finding))}`, waivers);
  const folded: [string, readonly Finding[]][] = [
    ['Gone since the baseline', removed ?? []],
    ['Known from the baseline', known],
    ['What does not count', others],
  ];
  for (const [name, findings] of folded) {
    const rest = findingTable(findings, telling, sections.left - spareBytes);
    if (rest) sections.fold(md`${name}: ${countsOf(findings)}`, rest);
  }
  return sections.end();
}

/** The heading and the two sentences that everybody reads. */
export function addVerdict(sections: Sections, title: string, verdict: Verdict): void {
  const { outcome, reason, remedy } = verdict;
  sections.add(md`## ${icons[outcome]} ${title}: ${outcome}`);
  sections.add(md`**${oneLine(reason, longest)}**`);
  if (remedy !== undefined) sections.add(md`${oneLine(remedy, longest)}`);
}

export function countsOf(findings: readonly Finding[]): string {
  return describeCounts(countBySeverity(findings));
}

function gapTable(gaps: readonly Gap[], bytes: number): Markdown | undefined {
  if (gaps.length === 0) return undefined;
  const rows = gaps.map(({ what, why, remedy }) => [
    md`${oneLine([what, why].filter(Boolean).join(' '), longest)}`,
    md`${oneLine(remedy ?? '', longest)}`,
  ]);
  const { markdown, shown } = tableWithin([md`Not seen`, md`What to do`], rows, bytes - 100);
  if (shown === gaps.length) return markdown;
  return md`${markdown}\n\n…and ${gaps.length - shown} more parts were not seen.`;
}

function factTable(
  { subject, facts }: Inspection,
  judgement: Judgement,
  removed: readonly Finding[] | undefined,
): Markdown {
  const { counted, known, waived, others } = judgement;
  const change = describeChange(judgement, removed);
  const all = [...counted, ...known, ...waived.map(({ finding }) => finding), ...others];
  const found = countsOf(all);
  const rows = [
    ...facts
      .slice(0, mostFacts)
      .map(({ name, value, exact }) => [
        md`${oneLine(name)}`,
        exact === undefined
          ? md`${oneLine(value, longest)}`
          : md`${oneLine(value, longest)} ${code(oneLine(exact, longest))}`,
      ]),
    [md`Findings`, md`${found === '' ? 'none' : found}`],
    ...(change === undefined ? [] : [[md`Baseline`, change]]),
  ];
  return table([md`Subject`, code(oneLine(subject, longest))], rows);
}

/** What a change adds and takes away; `undefined` where it was compared with nothing. */
export function describeChange(
  { baseline, counted, known }: Judgement,
  removed: readonly Finding[] | undefined,
): Markdown | undefined {
  if (baseline === undefined) return undefined;
  const gone = removed === undefined ? '' : `, ${removed.length} gone`;
  return md`${code(oneLine(baseline, longest))}: ${counted.length} added${gone}, ${known.length} known`;
}
