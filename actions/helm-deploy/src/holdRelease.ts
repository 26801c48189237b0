import { randomUUID } from 'node:crypto';
import type { Runner } from '../../../shared/action/Runner.ts';
import { Failure } from '../../../shared/failure/Failure.ts';
import type { UpgradePlan } from '../../../shared/helm/arguments.ts';
import { type KubeApi, KubeProblem } from '../../../shared/kube/KubeApi.ts';
import { type Lease, takeLease } from '../../../shared/kube/lease.ts';
import { oneLine } from '../../../shared/log/oneLine.ts';

/**
 * Takes the release for this job, so that two jobs never deploy it at once. Where the namespace is
 * to be created, it is created here: without it there is no place for the lease.
 *
 * @returns `undefined` where leases may not be used; the log says so
 * @throws {Failure} that names who holds it
 */
export async function holdRelease(
  api: KubeApi,
  { release, namespace, createNamespace }: UpgradePlan,
  runner: Runner,
): Promise<Lease | undefined> {
  if (createNamespace) await ensureNamespace(api, namespace);
  const name = `platform-actions.${release}`;
  const taken = await takeLease(api, namespace, name, holder(runner.env), {
    signal: runner.signal,
    onWait: (by, waitMs) =>
      runner.log.info(
        `The release is held by ${oneLine(by)}. Whether it still works there shows within ${waitMs / 1000} s.`,
      ),
  }).catch(notTaken);
  if (taken.held === true) return taken.lease;
  if (taken.held === 'unknown') {
    runner.log.info(`The release is not held against other jobs: ${taken.why}.`);
    return undefined;
  }
  throw new Failure({
    what: `Release ${release} in namespace ${namespace} is being deployed by ${oneLine(taken.by)}.`,
    why: taken.since && `Since ${taken.since.toISOString()}.`,
    remedy: 'Wait for it; set `concurrency` in the workflow so that jobs take turns.',
  });
}

/** A policy may refuse leases, and one that does not answer refuses all; of the release we are told next. */
function notTaken(error: unknown): { readonly held: 'unknown'; readonly why: string } {
  if (!(error instanceof KubeProblem)) throw error;
  return { held: 'unknown', why: oneLine(error.message, 400) };
}

async function ensureNamespace(api: KubeApi, name: string): Promise<void> {
  try {
    await api.create('/api/v1/namespaces', { metadata: { name } });
  } catch (error) {
    // It is there (409), or Helm will say what is wrong with it.
    if (!(error instanceof KubeProblem)) throw error;
  }
}

/** Who we are, unique to this step of this attempt. */
function holder(env: Runner['env']): string {
  const { GITHUB_REPOSITORY, GITHUB_RUN_ID, GITHUB_RUN_ATTEMPT, GITHUB_JOB, GITHUB_ACTION } = env;
  const parts = [
    GITHUB_REPOSITORY,
    `run ${GITHUB_RUN_ID}.${GITHUB_RUN_ATTEMPT}`,
    GITHUB_JOB,
    GITHUB_ACTION,
    env.RUNNER_NAME && `on ${env.RUNNER_NAME}`,
  ];
  // Legs of a matrix, and runners in pods with the same pid, differ in nothing else.
  return `${parts.filter(Boolean).join(' ')} (${randomUUID()})`;
}

/**
 * What a step is told that lost its release: another one may be at work on it, so that nothing more
 * is changed.
 *
 * @param why as the lease tells it
 */
export function noLongerHeld(why: string, { release }: UpgradePlan, details?: string): Failure {
  return new Failure({
    what: `Release ${release} is no longer held by this step: ${oneLine(why)}.`,
    why: 'Nothing more was changed, since another job may be at work on it.',
    remedy:
      'Look at what the other job did, then run this one again; set `concurrency` in the workflow so that jobs take turns.',
    details,
  });
}
