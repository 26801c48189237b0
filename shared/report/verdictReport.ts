import { oneLine } from '../log/oneLine.ts';
import { countBySeverity, describeCounts } from '../verdict/countBySeverity.ts';
import type { Finding } from '../verdict/Finding.ts';
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

/** What findings were compared with. */
export interface Baseline {
  /** As a person names it. Untrusted. */
  readonly name: string;
  /** What it had that is no longer there, worst first; absent where nobody has looked. */
  readonly removed?: readonly Finding[] | undefined;
}

/** What the summary says besides the verdict and what it rests on. */
export interface VerdictReportOptions extends Origins {
  readonly title: string;
  /** Said under the verdict, such as that it does not fail the step. */
  readonly remarks: readonly string[];
  /** The most that the report may take, in UTF-8. What matters least is left out, and that is said. */
  readonly bytes: number;
  readonly baseline?: Baseline | undefined;
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
  const { title, remarks, bytes, baseline, recommendation, dockerfile } = options;
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
  const gaps = verdict.outcome === 'incomplete' ? inspection.gaps.slice(1) : inspection.gaps;
  sections.add(gapTable(gaps, sections.left / 4));
  const advice = adviceOf(inspection, judgement, origin);
  if (recommendation !== undefined) advice.push(recommendation);
  sections.addSome(
    advice.map((text) => md`💡 ${oneLine(text, longest)}`),
    0.1,
  );
  sections.add(factTable(inspection, judgement, baseline));
  if (counted.length > 0) {
    sections.add(md`### What counts`);
    sections.add(findingTable(counted, telling, sections.left - spareBytes));
  }
  const waivers = excuseTable(waived, sections.left / 2);
  if (waivers)
    sections.fold(md`Waived: ${countsOf(waived.map(({ finding }) => finding))}`, waivers);
  const folded: [string, readonly Finding[]][] = [
    ['Gone since the baseline', baseline?.removed ?? []],
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
  { counted, known, waived, others }: Judgement,
  baseline: Baseline | undefined,
): Markdown {
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
    ...(baseline === undefined ? [] : [[md`Baseline`, change(baseline, counted, known)]]),
  ];
  return table([md`Subject`, code(oneLine(subject, longest))], rows);
}

/** What the change adds and takes away. */
export function change(
  { name, removed }: Baseline,
  counted: readonly Finding[],
  known: readonly Finding[],
): Markdown {
  const gone = removed === undefined ? '' : `, ${removed.length} gone`;
  return md`${code(oneLine(name, longest))}: ${counted.length} added${gone}, ${known.length} known`;
}
