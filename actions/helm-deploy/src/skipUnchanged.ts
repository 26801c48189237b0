import type { Runner } from '../../../shared/action/Runner.ts';
import { workloadsOf } from '../../../shared/kube/rollout.ts';
import { takeSnapshot } from '../../../shared/kube/takeSnapshot.ts';
import { urlOf } from '../../../shared/kube/urlOf.ts';
import { checkImages } from './checkImages.ts';
import type { DeployPlan } from './DeployPlan.ts';
import type { Result } from './deploy.ts';
import { findChanges } from './findChanges.ts';
import { imagesRunning } from './imagesRunning.ts';
import type { Cluster } from './openCluster.ts';
import { givePullSecret } from './pullSecret/givePullSecret.ts';

/**
 * The result of a deploy that has nothing to do: the deployed revision is what it would make, and its
 * workloads are ready with the images that were given.
 *
 * @returns `undefined` when there is something to do
 * @throws {Failure} when the cluster's pull secret cannot be renewed
 */
export async function skipUnchanged(
  plan: DeployPlan,
  cluster: Cluster,
  runner: Runner,
): Promise<Result | undefined> {
  const started = performance.now();
  const changes = await findChanges(plan, cluster, runner);
  if (changes === undefined) return undefined;
  if (!changes.none) return undefined;
  const snapshot = await takeSnapshot(cluster.api, plan.namespace);
  const workloads = workloadsOf(snapshot, plan.release);
  const ready = workloads.every(({ done, hook }) => done || hook);
  const { failure } = checkImages(snapshot, plan.release, plan.images);
  if (!ready || failure !== undefined) return undefined;
  // It may end although nothing else changes.
  const unable = await givePullSecret(plan, cluster.api, runner);
  if (unable !== undefined) throw unable;
  const { revision, manifestDigest } = changes;
  runner.output('release', plan.release);
  runner.output('changed', '[]');
  runner.output('manifest-digest', manifestDigest);
  runner.output('revision', String(revision));
  runner.output('status', 'deployed');
  runner.log.info(`Nothing differs from revision ${revision}; no revision is made.`);
  return {
    ...{ revision, status: 'deployed', workloads, failure: undefined },
    ...{ url: urlOf(snapshot, plan.release), durationMs: performance.now() - started },
    ...{ compared: { previous: revision, changes: [] } },
    images: imagesRunning(snapshot, plan.release),
  };
}
