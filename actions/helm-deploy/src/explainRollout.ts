import { Failure } from '../../../shared/failure/Failure.ts';
import type { UpgradePlan } from '../../../shared/helm/arguments.ts';
import { describeEvidence } from '../../../shared/kube/describeEvidence.ts';
import type { Evidence } from '../../../shared/kube/gatherEvidence.ts';
import { oneLine } from '../../../shared/log/oneLine.ts';
import { plainText } from '../../../shared/log/sanitize.ts';

/** A log may be one line of JSON; an annotation is read. */
const longestLine = 500;

/**
 * The failure of a rollout: its root cause in one line, and below it everything that was gathered
 * before the rollback.
 *
 * @param said what was done about it
 * @param afterHelm when Helm took it for ready: how long it should have stayed so
 * @returns `undefined` when nothing in the cluster tells why
 */
export function explainRollout(
  evidence: Evidence,
  plan: UpgradePlan,
  said: string,
  afterHelm?: { readonly settleMs: number },
): Failure | undefined {
  const [cause] = evidence.causes;
  const { waiting } = evidence;
  const details = plainText(describeEvidence(evidence));
  if (cause === undefined && waiting.length === 0) {
    if (afterHelm === undefined) return undefined;
    return new Failure({
      what: `${plan.release} did not stay ready for ${afterHelm.settleMs / 1000} s.`,
      why: `It was ready again when the evidence was gathered. ${said}`,
      remedy: 'Look at what comes and goes in the events, or change `settle`.',
      details,
    });
  }
  if (cause === undefined) {
    const list = waiting.map(
      ({ kind, name, ready, desired }) => `${kind}/${name} ${ready}/${desired}`,
    );
    return new Failure({
      what: `${plan.release} was not ready within ${plan.timeoutMs / 1000} s: ${list.join(', ')}.`,
      why: `No pod, event or condition says why. ${said}`,
      remedy: 'Give it more time in `timeout`, or look at what its readiness probe waits for.',
      details,
    });
  }
  const line =
    cause.decisiveLine === undefined
      ? ''
      : ` Its log says: ${oneLine(cause.decisiveLine, longestLine)}.`;
  return new Failure({
    what: plainText(`${cause.chain}: ${cause.reason}: ${cause.message}.`),
    why: `${line} ${said}`.trim(),
    remedy: cause.remedy,
    details,
  });
}
