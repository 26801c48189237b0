import type { JudgedImage } from '../../../../shared/evidence/judgeImages.ts';
import { md } from '../../../../shared/report/Markdown.ts';
import type { ImageVerdicts } from '../summarize.ts';

/** The verdicts of images by their digests, for the table of what runs. */
export function verdictsOf(judged: readonly JudgedImage[]): ImageVerdicts {
  return new Map(
    judged.flatMap(({ image, verdict }) => {
      const digest = /sha256:[0-9a-f]{64}$/.exec(image)?.[0];
      if (digest === undefined || verdict === undefined) return [];
      return [[digest, md`passed at ${verdict.verifiedAt.toISOString()}`] as const];
    }),
  );
}
