import { Failure } from '../../../shared/failure/Failure.ts';
import { sentence } from '../../../shared/failure/sentence.ts';
import { describeEvidence } from '../../../shared/kube/describeEvidence.ts';
import type { Evidence } from '../../../shared/kube/gatherEvidence.ts';
import { plainText } from '../../../shared/log/sanitize.ts';
import type { Problem } from '../../../shared/verify/Check.ts';

/**
 * The failure of a rollout that was ready and did not hold what `verify` wants.
 *
 * @param said what was done about it
 */
export function explainProblem(
  { what, why, remedy, details }: Problem,
  evidence: Evidence | undefined,
  said: string,
): Failure {
  const gathered = evidence === undefined ? '' : describeEvidence(evidence).trim();
  return new Failure({
    what: plainText(`${what}.`),
    why: plainText([why === undefined ? '' : sentence(why), said].join(' ').trim()),
    remedy,
    details: plainText([details, gathered].filter(Boolean).join('\n\n')) || undefined,
  });
}
