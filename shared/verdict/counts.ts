import type { Finding } from './Finding.ts';
import type { JudgeContext } from './JudgeContext.ts';
import { namesOf } from './namesOf.ts';
import type { Policy } from './Policy.ts';

const dayMs = 24 * 3_600_000;

/** Whether findings count against the subject, by what the scanner said of them. */
export function countsBy(policy: Policy, context: JudgeContext): (finding: Finding) => boolean {
  const { severities, ignoreUnfixed, kinds } = policy;
  const exploited = exploitedBy(policy, context);
  const young = youngBy(policy, context.now);
  return (finding) => {
    if (kinds !== undefined && !kinds.has(finding.kind)) return false;
    if (exploited(finding)) return true;
    if (!severities.has(finding.severity)) return false;
    // Only a vulnerability waits for somebody else's fix.
    if (finding.kind !== 'vulnerability') return true;
    return finding.fix === undefined ? !ignoreUnfixed : !young(finding);
  };
}

/** Who is attacked already does not wait for a severity, a fix or a period of grace. */
function exploitedBy(
  { kev: wantsKev, epss: wantsEpss }: Policy,
  { kev, epss }: JudgeContext,
): (finding: Finding) => boolean {
  const ids = wantsKev !== undefined && kev !== undefined && 'ids' in kev ? kev.ids : undefined;
  const scores =
    wantsEpss !== undefined && epss !== undefined && 'scores' in epss ? epss.scores : undefined;
  if (ids === undefined && scores === undefined) return () => false;
  const atLeast = wantsEpss?.atLeast ?? Number.POSITIVE_INFINITY;
  return (finding) =>
    finding.kind === 'vulnerability' &&
    namesOf(finding).some((name) => ids?.has(name) || (scores?.get(name) ?? -1) >= atLeast);
}

/** Without a date, nobody can say that it is young. */
function youngBy({ fixGraceDays }: Policy, now: Date): (finding: Finding) => boolean {
  if (fixGraceDays === undefined) return () => false;
  const since = now.getTime() - fixGraceDays * dayMs;
  return ({ publishedAt }) => publishedAt !== undefined && publishedAt.getTime() >= since;
}
