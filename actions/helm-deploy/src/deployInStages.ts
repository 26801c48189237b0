import type { Runner } from '../../../shared/action/Runner.ts';
import { Failure } from '../../../shared/failure/Failure.ts';
import { kindsOf } from '../../../shared/helm/manifests/splitLate.ts';
import { applyObject } from '../../../shared/kube/applyObject.ts';
import { awaitServed } from '../../../shared/kube/servedKinds.ts';
import { upgradeDefinitions } from '../../../shared/kube/upgradeDefinitions.ts';
import { oneLine } from '../../../shared/log/oneLine.ts';
import type { DeployPlan } from './DeployPlan.ts';
import { deploy, type Result } from './deploy.ts';
import { historyOf } from './historyOf.ts';
import { holdBack, isNotServed } from './holdBack.ts';
import { holdRelease } from './holdRelease.ts';
import type { Cluster } from './openCluster.ts';
import { undo } from './undo.ts';

/**
 * Deploys at once, or, where the cluster does not serve the kinds of some objects yet, in two revisions
 * of the same release: one without them, whose definitions or programs bring their kinds, and one with
 * all. They are in one release, so that what removes or rolls back the one does it to the others. A
 * second revision that fails goes back to before the first.
 *
 * @throws as {@link deploy} does
 */
export async function deployInStages(
  plan: DeployPlan,
  cluster: Cluster,
  runner: Runner,
): Promise<Result> {
  const { first: stage, ownNamespace } = plan;
  await applyDefinitions(plan, cluster, runner);
  if (ownNamespace !== undefined) await applyObject(cluster.api, ownNamespace.text);
  if (stage !== undefined) return twice(plan, stage, cluster, runner);
  const result = await deploy(plan, cluster, runner);
  const held = isNotServed(result) ? await holdBack(plan, cluster, runner) : undefined;
  return held === undefined ? result : twice(plan, held, cluster, runner);
}

async function applyDefinitions(
  { definitions }: DeployPlan,
  { api }: Cluster,
  { log, signal }: Runner,
): Promise<void> {
  if (definitions === undefined || definitions.files.length === 0) return;
  const { files, only } = definitions;
  const names = await upgradeDefinitions(api, files, { only, signal });
  if (names.length === 0) return;
  log.info(
    `Definitions were applied, and stay when the release goes: ${names.map((name) => oneLine(name)).join(', ')}`,
  );
}

async function twice(
  plan: DeployPlan,
  stage: NonNullable<DeployPlan['first']>,
  cluster: Cluster,
  runner: Runner,
): Promise<Result> {
  const kinds = kindsOf(stage.late).map((kind) => oneLine(kind));
  const count = `${stage.late.length} object${stage.late.length === 1 ? '' : 's'}`;
  runner.log.info(`${count} will follow when their kinds are served: ${kinds.join(', ')}`);
  // What is verified is the whole.
  const part = { ...plan, ...stage.change, verification: undefined };
  const first = await deploy(part, cluster, runner);
  if (first.failure !== undefined || first.revision === undefined) return first;
  const own = { ...plan, ownSince: first.revision };
  const missing = await awaitServed(cluster.api, stage.late, {
    timeoutMs: plan.timeoutMs,
    signal: runner.signal,
  });
  if (missing.length === 0) return deploy(own, cluster, runner);
  return goBack(own, first, kindsOf(missing), cluster, runner);
}

async function goBack(
  plan: DeployPlan,
  first: Result,
  kinds: readonly string[],
  cluster: Cluster,
  runner: Runner,
): Promise<Result> {
  const lease = await holdRelease(cluster.api, plan, runner);
  try {
    const undone = await undo(await historyOf(plan, cluster, runner), plan, cluster, runner);
    if (undone.revision !== undefined) runner.output('revision', String(undone.revision));
    runner.output('status', undone.status);
    const failure = new Failure({
      what: `After ${plan.timeoutMs / 1000} s the cluster still does not serve ${kinds.map((kind) => oneLine(kind)).join(', ')}.`,
      why: `What has to bring them is ready. ${undone.said}`,
      remedy:
        'Look at the conditions of their definitions, and at the log of the controller that makes them; or correct their apiVersion.',
    });
    return { ...first, ...undone, failure };
  } finally {
    await lease?.release();
  }
}
