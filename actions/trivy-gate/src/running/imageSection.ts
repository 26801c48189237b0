import { oneLine } from '../../../../shared/log/oneLine.ts';
import { findingTable } from '../../../../shared/report/findingTable.ts';
import { blocks, code, type Markdown, md } from '../../../../shared/report/Markdown.ts';
import { originOf } from '../../../../shared/report/originOf.ts';
import { icons } from '../../../../shared/report/verdictReport.ts';
import { gapsOf } from '../../../../shared/verdict/gapsOf.ts';
import type { ScannedImage } from './scanEach.ts';

const longest = 1000;
/** Further gaps are only counted: the first is the reason. */
const mostGaps = 20;

/** What is wrong with one image, for people: its verdict, what counts, and what was not seen. */
export function imageSection({ seen }: ScannedImage, bytes: number): Markdown {
  const { inspection, judgement } = seen;
  const { outcome, reason, remedy } = judgement.verdict;
  // What the verdict is made of stands in its reason already.
  const gaps = gapsOf(inspection, judgement).slice(outcome === 'incomplete' ? 1 : 0);
  const left = gaps.length - mostGaps;
  return blocks(
    md`### ${icons[outcome]} ${code(oneLine(inspection.subject, longest))}`,
    md`**${oneLine(reason, longest)}** ${oneLine(remedy ?? '', longest)}`,
    ...gaps
      .slice(0, mostGaps)
      .map(({ what, why }) => md`⚠️ ${oneLine([what, why].filter(Boolean).join(' '), longest)}`),
    left > 0 ? md`…and ${left} more parts were not seen.` : undefined,
    findingTable(judgement.counted, { origin: originOf({}), file: undefined }, bytes),
  );
}
