import type { Gap, Inspection } from './Inspection.ts';
import type { Judgement } from './Verdict.ts';

/** What was not seen, and what the policy needs to know and does not. */
export function gapsOf(
  inspection: Pick<Inspection, 'gaps'>,
  judgement: Pick<Judgement, 'gaps'>,
): readonly Gap[] {
  return judgement.gaps ?? inspection.gaps;
}
