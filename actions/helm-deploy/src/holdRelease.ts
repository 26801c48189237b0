import type { Runner } from '../../../shared/action/Runner.ts';
import { Failure } from '../../../shared/failure/Failure.ts';
import type { UpgradePlan } from '../../../shared/helm/arguments.ts';
import type { KubeApi } from '../../../shared/kube/KubeApi.ts';
import { type Lease, takeLease } from '../../../shared/kube/lease.ts';

/**
 * Takes the release for this job, so that two jobs never deploy it at once.
 *
 * @returns `undefined` where leases may not be used; the log says so
 * @throws {Failure} that names who holds it
 */
export async function holdRelease(
  api: KubeApi,
  { release, namespace }: UpgradePlan,
  runner: Runner,
): Promise<Lease | undefined> {
  const taken = await takeLease(api, namespace, `platform-actions.${release}`, holder(runner.env));
  if (taken.held === true) return taken.lease;
  if (taken.held === 'unknown') {
    runner.log.info(`The release is not held against other jobs: ${taken.why}.`);
    return undefined;
  }
  throw new Failure({
    what: `Release ${release} in namespace ${namespace} is being deployed by ${taken.by}.`,
    why: taken.since && `Since ${taken.since.toISOString()}.`,
    remedy: 'Wait for it; set `concurrency` in the workflow so that jobs take turns.',
  });
}

/** Who we are, unique to this step of this attempt. */
function holder(env: Runner['env']): string {
  const { GITHUB_REPOSITORY, GITHUB_RUN_ID, GITHUB_RUN_ATTEMPT, GITHUB_JOB, GITHUB_ACTION } = env;
  const parts = [
    GITHUB_REPOSITORY,
    `run ${GITHUB_RUN_ID}.${GITHUB_RUN_ATTEMPT}`,
    GITHUB_JOB,
    GITHUB_ACTION,
  ];
  return `${parts.filter(Boolean).join(' ')} (pid ${process.pid})`;
}
