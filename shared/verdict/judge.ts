import { countsBy } from './counts.ts';
import { decide } from './decide.ts';
import type { Finding } from './Finding.ts';
import { identities } from './fingerprint.ts';
import type { Inspection } from './Inspection.ts';
import type { Baseline, JudgeContext } from './JudgeContext.ts';
import { openExcuses } from './openExcuses.ts';
import type { Policy } from './Policy.ts';
import { deniesFinding, policyFindings } from './policyFindings.ts';
import { policyGaps } from './policyGaps.ts';
import type { Excused, Judgement } from './Verdict.ts';
import { worstFirst } from './worstFirst.ts';

/**
 * Decides. A finding that counts was surely seen, so it is a violation even where something else was
 * not: a gap never hides it. Without one, a gap makes the verdict incomplete. Neither what somebody
 * answers for nor what the baseline has counts.
 */
export function judge(
  inspection: Inspection,
  policy: Policy,
  context: JudgeContext = { now: new Date() },
): Judgement {
  const made = policyFindings(inspection, policy);
  const denied = new Set(made);
  const deniesLicense = deniesFinding(policy);
  const counts = countsBy(policy, context);
  const excuses = openExcuses(policy, context, inspection);
  const all = worstFirst([...inspection.findings, ...made]);
  const isKnown = knownBy(all, context.baseline, policy);

  const counted: Finding[] = [];
  const known: Finding[] = [];
  const waived: Excused[] = [];
  const others: Finding[] = [];
  for (const [at, finding] of all.entries()) {
    if (!denied.has(finding) && !deniesLicense(finding) && !counts(finding)) {
      others.push(finding);
      continue;
    }
    const excuse = excuses.find(finding);
    if (excuse !== undefined) waived.push({ finding, excuse });
    else (isKnown(at) ? known : counted).push(finding);
  }

  const gaps = [...inspection.gaps, ...policyGaps(inspection, policy, context)];
  const notices = excuses.notices(gaps.length === 0);
  const baseline = context.baseline?.name;
  const lists = { counted, known, waived, others, gaps, baseline };
  return { ...lists, notices, verdict: decide(inspection.subject, lists, policy) };
}

/** Whether the baseline has a finding, too; that is asked only where there is one. */
function knownBy(
  all: readonly Finding[],
  baseline: Baseline | undefined,
  policy: Policy,
): (at: number) => boolean {
  if (baseline === undefined) return () => false;
  const before = new Set(identities([...baseline.findings, ...policyFindings(baseline, policy)]));
  const now = identities(all);
  return (at) => before.has(now[at] ?? '');
}
