import { Failure } from '../../../shared/failure/Failure.ts';
import { sentence } from '../../../shared/failure/sentence.ts';
import { explainHelmError } from '../../../shared/helm/explainHelmError.ts';
import type { Evidence } from '../../../shared/kube/gatherEvidence.ts';
import { oneLine } from '../../../shared/log/oneLine.ts';
import type { Outcome } from '../../../shared/process/run.ts';
import type { DeployPlan } from './DeployPlan.ts';
import { explainRollout } from './explainRollout.ts';

/** Helm may as well fail on an object that the server refuses: then no pod is to blame. */
function isAboutWaiting({ endedBy, stderr }: Outcome): boolean {
  return (
    endedBy !== 'itself' ||
    (!/failed calling webhook/.test(stderr) &&
      /not ready|deadline exceeded|timed out|context canceled|failed (pre|post)-/.test(stderr))
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
  const itself = endOfHelm(outcome, plan, said);
  if (itself !== undefined) return itself;
  const { what, why, remedy } = explainHelmError(outcome.startError ?? outcome.stderr);
  return new Failure({
    what,
    why: [why === undefined ? '' : sentence(why), said].join(' '),
    remedy,
    details: `${outcome.stdout}${outcome.stderr}`,
  });
}

/** Nothing in the cluster says why, and Helm neither. */
function endOfHelm(
  { endedBy, killedBy, stdout, stderr }: Outcome,
  { release, timeoutMs }: DeployPlan,
  said: string,
): Failure | undefined {
  const details = `${stdout}${stderr}`;
  if (endedBy === 'itself' && killedBy !== undefined) {
    return new Failure({
      what: `Helm was killed (${killedBy}) while it deployed ${release}.`,
      why: said,
      remedy: 'Look whether this runner has too little memory, then run the job again.',
      details,
    });
  }
  const late = /context deadline exceeded\s*$/.test(stderr);
  const waited = /resource (\S+) not ready\. status: (?:Unknown|InProgress)/.exec(stderr);
  if (!late || waited === null) return undefined;
  return new Failure({
    what: `Helm waited ${timeoutMs / 1000} s for ${oneLine(waited[1] ?? '', 200)}, although all that we can read of ${release} is ready.`,
    why: `Its connection to the API server may have stalled. ${said}`,
    remedy: 'Run the job again; when it stays so, look at the network before the API server.',
    details,
  });
}
