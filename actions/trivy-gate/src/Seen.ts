import type { PinnedReference } from '../../../shared/oci/Reference.ts';
import type { Trivy } from '../../../shared/trivy/runTrivy.ts';
import type { Target } from '../../../shared/trivy/Target.ts';
import type { Finding } from '../../../shared/verdict/Finding.ts';
import type { Gap, Inspection } from '../../../shared/verdict/Inspection.ts';
import type { SeverityCounts } from '../../../shared/verdict/Severity.ts';
import type { Judgement } from '../../../shared/verdict/Verdict.ts';
import type { Reusable } from './evidence/recordVerdict.ts';

export interface LookAgain {
  readonly inspect: (target: Target) => Promise<Inspection>;
  /** By the same policy, waivers and baseline. */
  readonly judge: (inspection: Inspection) => Judgement;
}

/** What was seen and decided, by a scan or by a verdict of before. */
export interface Seen {
  readonly inspection: Inspection;
  readonly judgement: Judgement;
  /** Of all findings; a kept verdict lists only the worst. `undefined` when nothing could be looked at. */
  readonly findings: SeverityCounts | undefined;
  /** How many there are, whether they are listed or not. */
  readonly totals: Readonly<Record<'counted' | 'waived', number>>;
  /** Of those that count. */
  readonly counted: SeverityCounts;
  /** What the baseline had and the subject has no more; absent where nothing was compared. */
  readonly removed: readonly Finding[] | undefined;
  /** Trivy's own reports, one a platform, without the text of secrets. */
  readonly reports: readonly string[];
  /** The image, where it is one. */
  readonly image: PinnedReference | undefined;
  /** Whether a signed verdict of before stands in for a scan; it is not signed again. */
  readonly reused: boolean;
  /** By what a later run may find this verdict. */
  readonly reusable: Reusable | undefined;
  readonly startedAt: Date;
  /** How others are looked at as this one was, to be compared; absent where nothing was scanned. */
  readonly lookAgain?: LookAgain | undefined;
  /** Absent where Trivy was not needed. */
  readonly trivy: Trivy | undefined;
}

/** An inspection that saw nothing. */
export function unseen(subject: string, gaps: readonly Gap[]): Inspection {
  return { subject, findings: [], gaps, notices: [], facts: [] };
}
