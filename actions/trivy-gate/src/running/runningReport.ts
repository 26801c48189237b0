import { oneLine } from '../../../../shared/log/oneLine.ts';
import { code, type Markdown, md } from '../../../../shared/report/Markdown.ts';
import { Sections } from '../../../../shared/report/Sections.ts';
import { type Row, table, tableWithin } from '../../../../shared/report/table.ts';
import { addVerdict, countsOf, icons } from '../../../../shared/report/verdictReport.ts';
import { describeCounts } from '../../../../shared/verdict/countBySeverity.ts';
import { databaseFact } from '../facts.ts';
import type { Seen } from '../Seen.ts';
import { worstOf } from './combine.ts';
import type { ComponentResult } from './componentResults.ts';
import { imageSection } from './imageSection.ts';
import type { ScannedImage } from './scanEach.ts';

const spareBytes = 2000;
const longest = 1000;

export interface RunningReportOptions {
  readonly title: string;
  readonly remarks: readonly string[];
  /** The most that the report may take, in UTF-8. */
  readonly bytes: number;
}

/** Writes what runs for people: the verdict, which component runs what, and what is wrong with each image. */
export function runningReport(
  { inspection, judgement }: Pick<Seen, 'inspection' | 'judgement'>,
  results: readonly ComponentResult[],
  scanned: readonly ScannedImage[],
  { title, remarks, bytes }: RunningReportOptions,
): Markdown {
  const sections = new Sections(bytes - spareBytes);
  addVerdict(sections, title, judgement.verdict);
  const notices = [...remarks, ...inspection.notices, ...judgement.notices];
  sections.addSome(
    notices.map((text) => md`⚠️ ${oneLine(text, longest)}`),
    0.2,
  );
  sections.add(componentTable(results, sections.left / 3));
  sections.add(factTable(inspection));
  for (const outcome of ['violation', 'incomplete'] as const) {
    for (const one of scanned.filter(({ seen }) => seen.judgement.verdict.outcome === outcome)) {
      const written = imageSection(one, sections.left / 2);
      if (sections.add(written)) continue;
      sections.add(md`The summary has no room for all images; their reports have the rest.`);
      return sections.end();
    }
  }
  return sections.end();
}

function componentTable(results: readonly ComponentResult[], bytes: number): Markdown | undefined {
  if (results.length === 0) return undefined;
  const rows = results.toSorted(worstComponentFirst).flatMap(rowsOf);
  const head = ['Component', 'Image', 'Verdict', 'Counts', 'Does not count'];
  const { markdown, shown } = tableWithin(
    head.map((name) => md`${name}`),
    rows,
    bytes,
  );
  if (shown === rows.length) return markdown;
  return md`${markdown}\n\n…and ${rows.length - shown} more rows; the output ${code('images')} has them all.`;
}

function worstComponentFirst(a: ComponentResult, b: ComponentResult): number {
  if (a.outcome === b.outcome) return 0;
  return worstOf([a.outcome ?? 'incomplete', b.outcome ?? 'incomplete']) ===
    (a.outcome ?? 'incomplete')
    ? -1
    : 1;
}

function rowsOf({ component: { name, unknown }, images }: ComponentResult): Row[] {
  const known = images.map(({ seen: { inspection, judgement, counted } }) => [
    code(oneLine(name)),
    code(oneLine(inspection.subject, longest)),
    md`${icons[judgement.verdict.outcome]} ${judgement.verdict.outcome}`,
    md`${describeCounts(counted)}`,
    md`${countsOf(judgement.others)}`,
  ]);
  const others = unknown.map((place) => [
    code(oneLine(name)),
    md`${oneLine(place)}`,
    md`⚠️ not seen`,
    md``,
    md``,
  ]);
  return [...known, ...others];
}

function factTable({ subject, database, scanner }: Seen['inspection']): Markdown {
  const rows: Row[] = [];
  if (scanner !== undefined) rows.push([md`Scanner`, md`${scanner.name} ${scanner.version}`]);
  if (database !== undefined) {
    const { name, value, exact } = databaseFact(database.source, database.updatedAt);
    rows.push([md`${name}`, md`${value} ${code(exact ?? '')}`]);
  }
  return table([md`Subject`, code(oneLine(subject, longest))], rows);
}
