import type { Gap, Inspection } from './Inspection.ts';
import type { Epss, Kev } from './snapshots/Snapshots.ts';
import type { VexStatement } from './vex/VexStatement.ts';
import type { Waiver } from './Waiver.ts';

/** What was there before; of it only what is new is judged. */
export interface Baseline extends Pick<Inspection, 'findings' | 'system' | 'packages'> {
  /** As a person names it, such as `branch:main`. */
  readonly name: string;
}

/** What a judgement depends on besides the subject and the policy. */
export interface JudgeContext {
  readonly now: Date;
  readonly waivers?: readonly Waiver[] | undefined;
  readonly vex?: readonly VexStatement[] | undefined;
  readonly baseline?: Baseline | undefined;
  /** The snapshots that the policy needs, or why one is not there. */
  readonly kev?: Kev | Gap | undefined;
  readonly epss?: Epss | Gap | undefined;
}
