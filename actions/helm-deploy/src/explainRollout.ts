import { Failure } from '../../../shared/failure/Failure.ts';
import type { UpgradePlan } from '../../../shared/helm/arguments.ts';
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
 * @returns `undefined` when nothing in the cluster tells why
 */
export function explainRollout(
  evidence: Evidence,
  plan: UpgradePlan,
  said: string,
): Failure | undefined {
  const [cause] = evidence.causes;
  const waiting = evidence.workloads.filter(({ done, hook }) => !done && !hook);
  if (cause === undefined && waiting.length === 0) return undefined;
  if (cause === undefined) {
    const list = waiting.map(
      ({ kind, name, ready, desired }) => `${kind}/${name} ${ready}/${desired}`,
    );
    return new Failure({
      what: `${plan.release} was not ready within ${plan.timeoutMs / 1000} s: ${list.join(', ')}.`,
      why: `No pod, event or condition says why. ${said}`,
      remedy: 'Give it more time in `timeout`, or look at what its readiness probe waits for.',
      details: plainText(evidence.text),
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
    details: plainText(evidence.text),
  });
}
