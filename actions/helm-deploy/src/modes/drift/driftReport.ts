import { largestSummary } from '../../../../../shared/action/writeSummary.ts';
import { oneLine } from '../../../../../shared/log/oneLine.ts';
import { code, type Markdown, md } from '../../../../../shared/report/Markdown.ts';
import { Sections } from '../../../../../shared/report/Sections.ts';
import { tableWithin } from '../../../../../shared/report/table.ts';
import { icons } from '../../../../../shared/report/verdictReport.ts';
import { count } from '../../../../../shared/text/count.ts';
import type { Inputs } from '../../inputs.ts';
import { fieldRows } from '../plan/fieldRows.ts';
import { type Drift, verdictOf } from './Drift.ts';

const spareBytes = 1000;

/** What differs in the cluster, field by field; what was not compared comes before it. */
export function driftReport(
  drift: Drift,
  { release, namespace }: Pick<Inputs, 'release' | 'namespace'>,
): Markdown {
  const { drifted, unknown, excused, compared, revision } = drift;
  const verdict = verdictOf(drift);
  const sections = new Sections(largestSummary - spareBytes);
  sections.add(
    md`### ${icons[verdict]} Drift of release ${code(release)} in ${code(namespace)}: ${verdict}`,
  );
  sections.add(
    md`**${count(drifted.length, 'object')} of ${compared} ${drifted.length === 1 ? 'differs' : 'differ'} from revision ${revision}.**`,
  );
  sections.addSome(
    unknown.map(
      ({ object, note = '' }) =>
        md`⚠️ ${code(oneLine(object))} was not compared: ${oneLine(note, 600)}`,
    ),
    0.3,
  );
  const rows = drifted.flatMap(({ object, note, fields }) =>
    note === undefined
      ? fieldRows(object, fields)
      : [[code(oneLine(object)), md`${note}`, md``, md``]],
  );
  if (rows.length > 0) {
    const head = [md`Object`, md`Field`, md`In the cluster`, md`As deployed`];
    const { markdown, shown } = tableWithin(head, rows, sections.left - spareBytes);
    sections.add(markdown);
    if (shown < rows.length) sections.add(md`…and ${count(rows.length - shown, 'more field')}.`);
  }
  sections.addSome(
    excused.map((text) => md`${oneLine(text)}`),
    0.5,
  );
  return sections.end();
}
