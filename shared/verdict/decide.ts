import { oneLine } from '../log/oneLine.ts';
import { count } from '../text/count.ts';
import { countBySeverity, describeCounts } from './countBySeverity.ts';
import { describeWorst } from './describeWorst.ts';
import type { Policy } from './Policy.ts';
import { remedyFor } from './remedyFor.ts';
import type { Judgement, Verdict } from './Verdict.ts';

type Lists = Omit<Judgement, 'verdict' | 'notices'>;

/** The verdict that findings and gaps make, in a person's words. */
export function decide(subject: string, lists: Lists, policy: Policy): Verdict {
  const { counted, gaps = [] } = lists;
  const [worst] = counted;
  const [gap, ...more] = gaps;
  if (worst !== undefined) {
    return {
      outcome: 'violation',
      reason: sentences(
        violation(subject, lists),
        besides(lists),
        gap && `Besides, not all was seen: ${gap.what}`,
      ),
      remedy: remedyFor(worst, counted),
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
    reason: sentences(pass(subject, lists, policy), besides(lists), rest(lists)),
    remedy: undefined,
    details: undefined,
  };
}

function violation(subject: string, { counted, baseline }: Lists): string {
  const amount = describeCounts(countBySeverity(counted));
  const noun = counted.length === 1 ? 'finding' : 'findings';
  const [worst] = counted;
  const more = counted.length > 1 ? `, and ${counted.length - 1} more` : '';
  const news = baseline === undefined ? noun : `new ${noun}`;
  return `${amount} ${news} in ${oneLine(subject)}: ${worst && describeWorst(worst)}${more}.`;
}

function pass(subject: string, { baseline }: Lists, policy: Policy): string {
  const wanted = [...policy.severities].join(', ');
  const which = policy.ignoreUnfixed ? `${wanted} finding that has a fix` : `${wanted} finding`;
  return `No ${baseline === undefined ? '' : 'new '}${which} in ${oneLine(subject)}.`;
}

/** What would count: known, or somebody answers for it. */
function besides({ known, waived, baseline }: Lists): string | undefined {
  const parts = [
    known.length > 0 ? `${known.length} more known from ${oneLine(baseline ?? '')}` : undefined,
    waived.length > 0 ? `${count(waived.length, 'finding')} waived` : undefined,
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? undefined : `Besides, ${parts.join(', and ')}.`;
}

function rest({ others }: Lists): string | undefined {
  return others.length === 0
    ? undefined
    : `What does not count: ${describeCounts(countBySeverity(others))}.`;
}

function sentences(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined).join(' ');
}
