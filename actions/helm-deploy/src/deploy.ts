import type { Runner } from '../../../shared/action/Runner.ts';
import type { Failure } from '../../../shared/failure/Failure.ts';
import { baselineOf } from '../../../shared/kube/baseline.ts';
import { describeEvidence } from '../../../shared/kube/describeEvidence.ts';
import type { Followed } from '../../../shared/kube/followRollout.ts';
import { gatherEvidence } from '../../../shared/kube/gatherEvidence.ts';
import type { Workload } from '../../../shared/kube/readiness/Workload.ts';
import { workloadsOf } from '../../../shared/kube/rollout.ts';
import { takeSnapshot } from '../../../shared/kube/takeSnapshot.ts';
import { urlOf } from '../../../shared/kube/urlOf.ts';
import { formatReference } from '../../../shared/oci/Reference.ts';
import { checkFirst } from './checkFirst.ts';
import { checkImages } from './checkImages.ts';
import { type Compared, compareRevisions } from './compareRevisions.ts';
import type { DeployPlan } from './DeployPlan.ts';
import { checkWritten } from './evidence/checkWritten.ts';
import { explainFailure } from './explainFailure.ts';
import { explainProblem } from './explainProblem.ts';
import { historyOf } from './historyOf.ts';
import { holdRelease, noLongerHeld } from './holdRelease.ts';
import { type ImageRunning, imagesRunning } from './imagesRunning.ts';
import { keepDiagnosis } from './keepDiagnosis.ts';
import { makeNamespace } from './makeNamespace.ts';
import { markEnded } from './markEnded.ts';
import { checkBase } from './modes/plan/checkBase.ts';
import { noChange, notBegun } from './notBegun.ts';
import type { Cluster } from './openCluster.ts';
import { prove } from './prove.ts';
import { customKindsOf } from './proveReady.ts';
import { givePullSecret } from './pullSecret/givePullSecret.ts';
import { refuseOtherImages } from './refuseOtherImages.ts';
import { hookJobs, renderFirst, verbAfter } from './renderFirst.ts';
import { repairPending } from './repairPending.ts';
import { revisionMade } from './revisionMade.ts';
import type { Times } from './rolloutSections.ts';
import { stopped } from './stopped.ts';
import { lastGood, markUndone, undo } from './undo.ts';
import { upgradeOnce } from './upgradeOnce.ts';
import type { Verdict } from './verdictOf.ts';

export type Status = 'deployed' | 'rolled-back' | 'uninstalled' | 'failed';

export interface Result {
  /** The revision that runs afterwards; `undefined` when none does. */
  readonly revision: number | undefined;
  readonly status: Status;
  readonly url: string | undefined;
  readonly workloads: readonly Workload[];
  readonly durationMs: number;
  readonly failure: Failure | undefined;
  /** Whether it is proven, has failed, or could not be judged; by `failure` when not given. */
  readonly verdict?: Verdict;
  readonly times?: Times | undefined;
  readonly compared?: Compared | undefined;
  readonly images?: readonly ImageRunning[];
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
  runner.output('release', plan.release);
  const { api } = cluster;
  const { release, namespace, preflight, settleMs } = plan;
  const rendering = preflight === 'off' ? undefined : renderFirst(plan, cluster, runner);
  // It goes on beside the lease; what it throws is met where it is awaited.
  rendering?.catch(() => {});
  const space = await makeNamespace(rendering, plan, cluster, runner);
  if (space.refused !== undefined) return notBegun(space.refused, [], started, runner);
  const lease = await holdRelease(api, plan, runner);
  try {
    const history = await repairPending(
      await historyOf(plan, cluster, runner),
      lease?.leftBy,
      plan,
      cluster,
      runner,
    );
    checkBase(history, plan);
    const { ownSince = Number.POSITIVE_INFINITY } = plan;
    const previous = lastGood(history.filter(({ revision }) => revision < ownSince));
    if (previous !== undefined) runner.output('previous-revision', String(previous));
    const [lostBefore, snapshotBefore] = await Promise.all([
      lease?.lost(),
      takeSnapshot(api, namespace),
    ]);
    if (lostBefore !== undefined) throw noLongerHeld(lostBefore, plan);
    const before = baselineOf(snapshotBefore, release);
    const rendered = await rendering;
    const refused =
      rendered &&
      (await checkFirst(rendered, verbAfter(history), plan, cluster, runner, space.changed));
    if (refused !== undefined) return notBegun(refused, history, started, runner);
    runner.signal.throwIfAborted();
    const unable = await givePullSecret(plan, api, runner);
    if (unable !== undefined) return notBegun(unable, history, started, runner);
    const began = performance.now();
    const hooks = rendered && hookJobs(rendered);
    const followed: Followed = {
      ...{ namespace, release, before, over: new Map() },
      ...(hooks && { hooks }),
    };
    const { outcome, watching, certain } = await upgradeOnce(
      plan,
      cluster,
      runner,
      followed,
      lease,
    );
    const helmMs = performance.now();
    const made = await revisionMade(outcome, history, plan, cluster, runner);
    if (runner.signal.aborted) throw stopped(made, plan, runner);

    // It goes on beside what follows, and never throws.
    const comparing =
      made && compareRevisions(api, plan, { previous, made: made.revision }, runner);
    const customs = await customKindsOf(api, plan, made?.revision);
    const timeoutMs = Math.max(0, plan.timeoutMs - (performance.now() - began));
    const settling = { ...followed, customs, settleMs, timeoutMs, signal: runner.signal };
    const settled =
      outcome.exitCode === 0
        ? await prove(plan, settling, made?.revision, cluster, watching, runner)
        : undefined;
    const times: Times = {
      ...{ beganMs: began, helmMs, settleMs, objects: watching.times() },
      ...{ settledMs: settled?.settledMs, checks: settled?.checks ?? [] },
    };
    if (runner.signal.aborted) {
      // Helm took it for good; nobody goes back to what was not proven.
      await markUndone(history, plan, cluster, runner);
      throw stopped(made && { ...made, status: 'failed' }, plan, runner);
    }
    if (settled?.settled) {
      const { failure, unused } = checkImages(settled.snapshot, release, plan.images);
      const ref = { release, namespace, revision: made?.revision ?? 0 };
      const other = failure ?? (await checkWritten(plan.proven, ref, api));
      if (other !== undefined)
        return await refuseOtherImages(other, history, plan, cluster, runner);
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
        ...{ times, compared: await comparing, images: imagesRunning(settled.snapshot, release) },
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
    if (made?.status.startsWith('pending-') && undone.status === 'rolled-back') {
      await markEnded(made.revision, lastGood(history) ?? 0, plan, cluster, runner);
    }
    if (undone.revision !== undefined) runner.output('revision', String(undone.revision));
    runner.output('status', undone.status);
    const problem = settled?.problem;
    return {
      ...undone,
      url: undefined,
      workloads: evidence?.workloads ?? [],
      durationMs: performance.now() - started,
      failure:
        problem === undefined
          ? explainFailure(outcome, evidence, plan, undone.said, settleMs)
          : explainProblem(problem, evidence, undone.said),
      verdict: (problem?.kind ?? 'violation') === 'violation' ? 'violation' : 'incomplete',
      ...{ times, compared: await comparing },
    };
  } finally {
    await lease?.release();
  }
}
