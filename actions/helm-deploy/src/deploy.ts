import type { Runner } from '../../../shared/action/Runner.ts';
import { Failure } from '../../../shared/failure/Failure.ts';
import { sentence } from '../../../shared/failure/sentence.ts';
import { explainHelmError } from '../../../shared/helm/explainHelmError.ts';
import type { Revision } from '../../../shared/helm/Helm.ts';
import { baselineOf } from '../../../shared/kube/baseline.ts';
import { describeEvidence } from '../../../shared/kube/describeEvidence.ts';
import type { Cause } from '../../../shared/kube/diagnose.ts';
import type { Followed } from '../../../shared/kube/followRollout.ts';
import { type Evidence, gatherEvidence } from '../../../shared/kube/gatherEvidence.ts';
import type { Workload } from '../../../shared/kube/readiness/Workload.ts';
import { workloadsOf } from '../../../shared/kube/rollout.ts';
import { takeSnapshot } from '../../../shared/kube/takeSnapshot.ts';
import { urlOf } from '../../../shared/kube/urlOf.ts';
import { formatReference } from '../../../shared/oci/Reference.ts';
import { Cancelled } from '../../../shared/process/Cancelled.ts';
import type { Outcome } from '../../../shared/process/run.ts';
import { checkFirst } from './checkFirst.ts';
import { checkImages } from './checkImages.ts';
import type { DeployPlan } from './DeployPlan.ts';
import { explainRollout } from './explainRollout.ts';
import { historyOf } from './historyOf.ts';
import { holdRelease, noLongerHeld } from './holdRelease.ts';
import { keepDiagnosis } from './keepDiagnosis.ts';
import type { Cluster } from './openCluster.ts';
import { customKindsOf, proveReady } from './proveReady.ts';
import { givePullSecret } from './pullSecret/givePullSecret.ts';
import { hookJobs, renderFirst, verbAfter } from './renderFirst.ts';
import { repairPending } from './repairPending.ts';
import { undo } from './undo.ts';
import { watchRollout } from './watchRollout.ts';

export type Status = 'deployed' | 'rolled-back' | 'uninstalled' | 'failed';

export interface Result {
  /** The revision that runs afterwards; `undefined` when none does. */
  readonly revision: number | undefined;
  readonly status: Status;
  readonly url: string | undefined;
  readonly workloads: readonly Workload[];
  readonly durationMs: number;
  readonly failure: Failure | undefined;
}

/**
 * Tries the release first, then runs Helm with its own waiting and watches beside it. A cause that cannot
 * heal interrupts Helm; the evidence is gathered before anything is undone. What Helm takes for ready is
 * awaited by our measure.
 *
 * @throws {Failure} when the release is held by another job, or was lost to one
 * @throws {Cancelled} when the job was cancelled; the release is never left pending
 */
export async function deploy(plan: DeployPlan, cluster: Cluster, runner: Runner): Promise<Result> {
  const started = performance.now();
  const { api } = cluster;
  const { release, namespace, preflight, settleMs } = plan;
  const rendering = preflight === 'off' ? undefined : renderFirst(plan, cluster, runner);
  // It goes on beside the lease; what it throws is met where it is awaited.
  rendering?.catch(() => {});
  const lease = await holdRelease(api, plan, runner);
  try {
    const history = await repairPending(
      await historyOf(plan, cluster, runner),
      lease?.leftBy,
      plan,
      cluster,
      runner,
    );
    const [lostBefore, snapshotBefore] = await Promise.all([
      lease?.lost(),
      takeSnapshot(api, namespace),
    ]);
    if (lostBefore !== undefined) throw noLongerHeld(lostBefore, plan);
    const before = baselineOf(snapshotBefore, release);
    const rendered = await rendering;
    const refused =
      rendered &&
      (await checkFirst(rendered, verbAfter(history), preflight, plan, cluster, runner));
    if (refused !== undefined) return notBegun(refused, history, started, runner);
    runner.signal.throwIfAborted();
    const unable = await givePullSecret(plan, api, runner);
    if (unable !== undefined) return notBegun(unable, history, started, runner);
    const hooks = rendered && hookJobs(rendered);
    const followed: Followed = {
      ...{ namespace, release, before, over: new Map() },
      ...(hooks && { hooks }),
    };
    const { outcome, watching, certain } = await upgrade(
      plan,
      cluster,
      runner,
      followed,
      lease?.taken,
    );
    const made = await revisionMade(outcome, history, plan, cluster, runner);
    if (runner.signal.aborted) throw stopped(made, plan, runner);

    const customs = await customKindsOf(api, plan, made?.revision);
    const timeoutMs = Math.max(0, plan.timeoutMs - (performance.now() - started));
    const settled =
      outcome.exitCode === 0
        ? await proveReady(
            api,
            { ...followed, customs, settleMs, timeoutMs, signal: runner.signal },
            watching,
            runner,
          )
        : undefined;
    if (runner.signal.aborted) throw stopped(made, plan, runner);
    if (settled?.settled) {
      const { failure, unused } = checkImages(settled.snapshot, release, plan.images);
      if (failure !== undefined) return await otherImages(failure, history, plan, cluster, runner);
      for (const image of unused) {
        runner.log.warning(`No container of ${release} runs ${formatReference(image)}.`);
      }
      if (made !== undefined) runner.output('revision', String(made.revision));
      runner.output('status', 'deployed');
      return {
        revision: made?.revision,
        status: 'deployed',
        url: urlOf(settled.snapshot, release),
        workloads: workloadsOf(settled.snapshot, release),
        durationMs: performance.now() - started,
        failure: undefined,
      };
    }
    const evidence =
      made === undefined
        ? undefined
        : await gatherEvidence(api, { ...followed, customs, certain: settled?.certain ?? certain });
    if (evidence !== undefined) await keepDiagnosis(evidence, plan, runner);
    const lost = await lease?.lost();
    if (lost !== undefined) {
      throw noLongerHeld(lost, plan, evidence ? describeEvidence(evidence) : outcome.stderr);
    }
    const undone =
      made === undefined ? noChange(history) : await undo(history, plan, cluster, runner);
    if (undone.revision !== undefined) runner.output('revision', String(undone.revision));
    runner.output('status', undone.status);
    return {
      ...undone,
      url: undefined,
      workloads: evidence?.workloads ?? [],
      durationMs: performance.now() - started,
      failure: failureOf(outcome, evidence, plan, undone.said, settleMs),
    };
  } finally {
    await lease?.release();
  }
}

/** What is ready and runs other images than were given is no success. */
async function otherImages(
  failure: Failure,
  before: readonly Revision[],
  plan: DeployPlan,
  cluster: Cluster,
  runner: Runner,
): Promise<Result> {
  const undone = await undo(before, plan, cluster, runner);
  if (undone.revision !== undefined) runner.output('revision', String(undone.revision));
  runner.output('status', undone.status);
  const { what, why, remedy } = failure;
  return {
    ...undone,
    ...{ url: undefined, workloads: [], durationMs: 0 },
    failure: new Failure({ what, why: [why, undone.said].join(' '), remedy }),
  };
}

async function upgrade(
  plan: DeployPlan,
  { helm, api }: Cluster,
  runner: Runner,
  followed: Followed,
  taken: AbortSignal = new AbortController().signal,
) {
  const interrupt = new AbortController();
  let certain: Cause | undefined;
  const watching = watchRollout(api, followed, runner, (cause) => {
    runner.log.info(`This cannot heal: ${cause.chain}: ${cause.reason}. The rollout is stopped.`);
    certain = cause;
    interrupt.abort(new Cancelled('SIGINT'));
  });
  try {
    const outcome = await helm.upgrade(
      plan,
      AbortSignal.any([runner.signal, interrupt.signal, taken]),
    );
    return { outcome, watching, certain };
  } finally {
    await watching.stop();
  }
}

/** The revision that this upgrade began; `undefined` when it failed before it wrote one. */
async function revisionMade(
  outcome: Outcome,
  before: readonly Revision[],
  plan: DeployPlan,
  cluster: Cluster,
  runner: Runner,
): Promise<Pick<Revision, 'revision' | 'status'> | undefined> {
  const printed = /^REVISION: (\d+)$/m.exec(outcome.stdout)?.[1];
  if (outcome.exitCode === 0 && printed !== undefined) {
    return { revision: Number(printed), status: 'deployed' };
  }
  const last = (await historyOf(plan, cluster, runner)).at(-1);
  const known = before.at(-1)?.revision ?? 0;
  return last !== undefined && last.revision > known ? last : undefined;
}

function notBegun(
  failure: Failure,
  before: readonly Revision[],
  started: number,
  runner: Runner,
): Result {
  const { revision, status } = noChange(before);
  if (revision !== undefined) runner.output('revision', String(revision));
  runner.output('status', status);
  const durationMs = performance.now() - started;
  return { revision, status, url: undefined, workloads: [], durationMs, failure };
}

function noChange(before: readonly Revision[]) {
  const revision = before.findLast(({ status }) => status === 'deployed')?.revision;
  return { revision, status: 'failed' as const, said: 'Nothing was changed.' };
}

function stopped(
  made: Pick<Revision, 'revision' | 'status'> | undefined,
  { release }: DeployPlan,
  runner: Runner,
): Error {
  if (made === undefined) runner.log.warning(`${release}: cancelled before anything was changed.`);
  else {
    runner.output('revision', String(made.revision));
    runner.output('status', 'failed');
    runner.log.warning(
      `${release}: the rollout of revision ${made.revision} was stopped where it was; the release is marked ${made.status}. The next deploy goes on from here.`,
    );
  }
  return runner.signal.reason as Error;
}

/** Helm may as well fail on an object that the server refuses: then no pod is to blame. */
function isAboutWaiting({ endedBy, stderr }: Outcome): boolean {
  return (
    endedBy !== 'itself' ||
    /not ready|deadline exceeded|timed out|context canceled|failed (pre|post)-/.test(stderr)
  );
}

function failureOf(
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
