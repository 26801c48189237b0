import type { JudgedImage } from '../../../../shared/evidence/judgeImages.ts';
import { oneLine } from '../../../../shared/log/oneLine.ts';
import { blocks, code, type Markdown, md, prose } from '../../../../shared/report/Markdown.ts';
import { table } from '../../../../shared/report/table.ts';

const mostShown = 100;

/** The part of the summary that says of each image why it may run, or what it lacks. */
export function evidenceReport(judged: readonly JudgedImage[], policy: string): Markdown {
  // What keeps the release from being written is read first.
  const sorted = [...judged].sort(
    (a, b) => Number(a.why === undefined) - Number(b.why === undefined),
  );
  const rows = sorted.slice(0, mostShown).map(({ image, usedBy, verdict, why }) => [
    code(oneLine(image, 300)),
    prose(
      usedBy
        .slice(0, 3)
        .map((user) => oneLine(user))
        .join(', '),
    ),
    verdict === undefined
      ? md`**lacking**: ${why ?? ''}`
      : md`passed at ${verdict.verifiedAt.toISOString()}, judged by ${oneLine(verdict.verifier)}`,
  ]);
  const more = sorted.length - rows.length;
  return blocks(
    md`#### Evidence of policy ${code(oneLine(policy))}`,
    rows.length === 0
      ? md`The release has no images.`
      : table([md`Image`, md`Used by`, md`Verdict`], rows),
    more > 0 ? md`And ${more} more, which the log names.` : undefined,
  );
}
