import { wildcard } from '../text/wildcard.ts';
import type { Finding } from './Finding.ts';
import type { Inspection } from './Inspection.ts';
import type { JudgeContext } from './JudgeContext.ts';
import { namesOf } from './namesOf.ts';
import type { Policy } from './Policy.ts';
import type { Excuse } from './Verdict.ts';
import { excuses, VexIndex } from './vex/VexIndex.ts';
import type { VexStatement } from './vex/VexStatement.ts';
import { vexNotices } from './vex/vexNotices.ts';
import { WaiverIndex } from './waivers/WaiverIndex.ts';
import { waiverNotices } from './waivers/waiverNotices.ts';

export interface Excuses {
  /** Why a finding that would count does not, if somebody answers for it. */
  find(finding: Finding): Excuse | undefined;
  /**
   * What there is to be told once all findings were asked for.
   *
   * @param complete whether all of the subject was seen
   */
  notices(complete: boolean): string[];
}

/** Brings together what waivers and vendors say. What the policy lets nobody waive, nothing excuses. */
export function openExcuses(
  policy: Policy,
  context: JudgeContext,
  inspection: Pick<Inspection, 'subject' | 'bom'>,
): Excuses {
  const { now, waivers = [], vex = [] } = context;
  const waiverIndex = new WaiverIndex(waivers, now);
  const vexIndex = new VexIndex(vex, inspection);
  const never = (policy.neverWaive ?? []).map((pattern) => wildcard(pattern.toUpperCase()));
  const unfounded = new Set<VexStatement>();
  return {
    find(finding) {
      const isNever =
        never.length > 0 && namesOf(finding).some((name) => never.some((matches) => matches(name)));
      // A fact goes before a decision: the waiver is then told as one that can go.
      const statement = isNever ? undefined : vexIndex.find(finding);
      if (statement !== undefined && excuses(statement)) return vexExcuse(statement);
      if (statement?.status === 'not_affected') unfounded.add(statement);
      const waiver = waiverIndex.find(finding, isNever);
      return waiver && { kind: 'waiver', waiver };
    },
    notices: (complete) => [
      ...waiverNotices(waiverIndex.uses, now, complete),
      ...vexNotices(unfounded),
    ],
  };
}

function vexExcuse({ status, justification, impact, author, source }: VexStatement): Excuse {
  const why = [justification, impact].filter((text) => text !== undefined).join(': ');
  return { kind: 'vex', status, justification: why || undefined, author, source };
}
