import { Failure } from '../../../shared/failure/Failure.ts';
import { sentence } from '../../../shared/failure/sentence.ts';
import { explainHelmError } from '../../../shared/helm/explainHelmError.ts';
import type { Evidence } from '../../../shared/kube/gatherEvidence.ts';
import type { Outcome } from '../../../shared/process/run.ts';
import type { DeployPlan } from './DeployPlan.ts';
import { explainRollout } from './explainRollout.ts';

/** Helm may as well fail on an object that the server refuses: then no pod is to blame. */
function isAboutWaiting({ endedBy, stderr }: Outcome): boolean {
  return (
    endedBy !== 'itself' ||
    /not ready|deadline exceeded|timed out|context canceled|failed (pre|post)-/.test(stderr)
  );
}

/**
 * Why a deploy failed: by what the cluster tells of the rollout, or by what Helm says.
 *
 * @param said what was done about it
 */
export function explainFailure(
  outcome: Outcome,
  evidence: Evidence | undefined,
  plan: DeployPlan,
  said: string,
  settleMs: number,
): Failure {
  const ready = outcome.exitCode === 0 ? { settleMs } : undefined;
  const about = ready !== undefined || isAboutWaiting(outcome);
  const known = evidence && about && explainRollout(evidence, plan, said, ready);
  if (known) return known;
  const { what, why, remedy } = explainHelmError(outcome.startError ?? outcome.stderr);
  return new Failure({
    what,
    why: [why === undefined ? '' : sentence(why), said].join(' '),
    remedy,
    details: `${outcome.stdout}${outcome.stderr}`,
  });
}
