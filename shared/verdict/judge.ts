import { oneLine } from '../log/oneLine.ts';
import { countBySeverity, describeCounts } from './countBySeverity.ts';
import type { Finding } from './Finding.ts';
import type { Inspection } from './Inspection.ts';
import { counts, type Policy } from './Policy.ts';
import type { Judgement, Verdict } from './Verdict.ts';
import { worstFirst } from './worstFirst.ts';

/**
 * Decides. A finding that counts was surely seen, so it is a violation even where something else was
 * not: a gap never hides it. Without one, a gap makes the verdict incomplete.
 */
export function judge(inspection: Inspection, policy: Policy): Judgement {
  const counted: Finding[] = [];
  const others: Finding[] = [];
  for (const finding of worstFirst(inspection.findings)) {
    (counts(finding, policy) ? counted : others).push(finding);
  }
  const verdict = decide(inspection, counted, others, policy);
  return { verdict, counted, known: [], waived: [], others, notices: [] };
}

function decide(
  inspection: Inspection,
  counted: readonly Finding[],
  others: readonly Finding[],
  policy: Policy,
): Verdict {
  const [worst] = counted;
  const [gap, ...more] = inspection.gaps;
  if (worst !== undefined) {
    return {
      outcome: 'violation',
      reason: sentences(
        violation(inspection.subject, worst, counted),
        gap && `Besides, not all was seen: ${gap.what}`,
      ),
      remedy: remedy(worst),
      details: gap?.details,
    };
  }
  if (gap !== undefined) {
    return {
      outcome: 'incomplete',
      reason: sentences(
        gap.what,
        gap.why,
        more.length > 0 ? `The summary has ${more.length} more.` : undefined,
      ),
      remedy: gap.remedy,
      details: gap.details,
    };
  }
  return {
    outcome: 'pass',
    reason: pass(inspection.subject, others, policy),
    remedy: undefined,
    details: undefined,
  };
}

function violation(subject: string, worst: Finding, counted: readonly Finding[]): string {
  const amount = describeCounts(countBySeverity(counted));
  const noun = counted.length === 1 ? 'finding' : 'findings';
  const more = counted.length > 1 ? `, and ${counted.length - 1} more` : '';
  return `${amount} ${noun} in ${oneLine(subject)}: ${name(worst)} (${oneLine(worst.id)}), ${
    worst.fix === undefined ? 'without a fix' : `fixed in ${versions(worst.fix)}`
  }${more}.`;
}

function remedy(worst: Finding): string {
  return worst.fix === undefined
    ? `Nobody has fixed ${oneLine(worst.subject.name)} yet: do without it, or decide to wait for the fix (ignore-unfixed).`
    : `Update ${oneLine(worst.subject.name)} to ${versions(worst.fix)} and build the image again.`;
}

function pass(subject: string, others: readonly Finding[], policy: Policy): string {
  const wanted = [...policy.severities].join(', ');
  const which = policy.ignoreUnfixed ? `${wanted} finding that has a fix` : `${wanted} finding`;
  const rest =
    others.length === 0 ? '' : ` What does not count: ${describeCounts(countBySeverity(others))}.`;
  return `No ${which} in ${oneLine(subject)}.${rest}`;
}

function name({ subject }: Finding): string {
  return oneLine(
    subject.version === undefined ? subject.name : `${subject.name} ${subject.version}`,
  );
}

/** Several versions fix it where several lines of releases are cared for. */
function versions(fix: string): string {
  return oneLine(fix).replaceAll(', ', ' or ');
}

function sentences(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined).join(' ');
}
