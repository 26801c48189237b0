import { count } from '../text/count.ts';
import type { Finding } from '../verdict/Finding.ts';
import { gapsOf } from '../verdict/gapsOf.ts';
import type { Inspection } from '../verdict/Inspection.ts';
import type { Judgement } from '../verdict/Verdict.ts';
import { findingTable } from './findingTable.ts';
import { code, link, type Markdown, md } from './Markdown.ts';
import { type Origins, originOf } from './originOf.ts';
import { Sections } from './Sections.ts';
import { addVerdict, countsOf, describeChange } from './verdictReport.ts';

/** GitHub takes 65,536 characters, of which each has a byte or more; the marker and the folding take some. */
const usualBytes = 60_000;
const spareBytes = 1000;

export interface CommentReportOptions extends Origins {
  readonly title: string;
  /** What the base had that this change takes away; absent where nobody has looked. */
  readonly removed?: readonly Finding[] | undefined;
  /** Where the whole summary is: the run. */
  readonly url?: string | undefined;
  /** The most that it may take, in UTF-8. */
  readonly bytes?: number;
}

/** Writes what a reviewer of a change needs: the verdict, and what the change adds and takes away. */
export function commentReport(
  inspection: Inspection,
  judgement: Judgement,
  options: CommentReportOptions,
): Markdown {
  const { verdict, counted, known, waived, baseline } = judgement;
  const { title, removed = [], url, dockerfile, bytes = usualBytes } = options;
  const telling = { origin: originOf(options), file: dockerfile?.file };
  const sections = new Sections(bytes - spareBytes);
  addVerdict(sections, title, verdict);
  const gaps = gapsOf(inspection, judgement).length;
  if (gaps > 0) sections.add(md`⚠️ ${count(gaps, 'part')} not seen.`);
  const change = describeChange(judgement, options.removed);
  if (change !== undefined) sections.add(md`Against ${change}`);
  if (counted.length > 0) {
    sections.add(baseline === undefined ? md`### What counts` : md`### New with this change`);
    sections.add(findingTable(counted, telling, sections.left - spareBytes));
  }
  const gone = findingTable(removed, telling, sections.left - spareBytes);
  if (gone) sections.fold(md`Gone with this change: ${countsOf(removed)}`, gone);
  const rest = [
    ...(known.length > 0 ? [`known: ${countsOf(known)}`] : []),
    ...(waived.length > 0 ? [`waived: ${countsOf(waived.map(({ finding }) => finding))}`] : []),
  ];
  if (rest.length > 0) sections.add(md`Besides, ${rest.join('; ')}.`);
  if (url !== undefined)
    sections.add(md`${link(md`The whole report`, url)} on ${code(inspection.subject)}`);
  return sections.end();
}
