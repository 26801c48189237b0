import type { Runner } from '../../../shared/action/Runner.ts';
import { Failure } from '../../../shared/failure/Failure.ts';
import type { Revision } from '../../../shared/helm/Helm.ts';
import { changedObjects } from '../../../shared/helm/manifests/changedObjects.ts';
import { findImages } from '../../../shared/helm/manifests/findImages.ts';
import { type ReleaseRecord, readRelease } from '../../../shared/helm/readRelease.ts';
import { KubeProblem } from '../../../shared/kube/KubeApi.ts';
import type { DeployPlan } from './DeployPlan.ts';
import { historyOf } from './historyOf.ts';
import type { Cluster } from './openCluster.ts';
import { renderRelease } from './renderRelease.ts';

/** What people left when they went back. */
export interface LeftByPeople {
  /** The revisions that they left, the last one first. */
  readonly left: readonly (ReleaseRecord & { readonly revision: number })[];
  /** What runs since. */
  readonly now: ReleaseRecord & { readonly revision: number };
}

/**
 * Refuses to deploy what people went back from: the same images, or the same objects where the images
 * are those that run. Whoever goes back by hand has a reason, which the next push does not know.
 *
 * @throws {Failure} when it is the same
 */
export async function respectRollback(
  plan: DeployPlan,
  cluster: Cluster,
  runner: Runner,
): Promise<void> {
  const history = await historyOf(plan, cluster, runner);
  const rollback = await findRollback(history, (revision) =>
    readRelease(cluster.api, { ...plan, revision }).catch(unknown),
  );
  if (rollback === undefined) return;
  const { manifest } = await renderRelease(plan, cluster, runner);
  const again = rollback.left.find((one) => isSame(one, rollback.now, manifest));
  if (again === undefined) return;
  runner.output('revision', String(rollback.now.revision));
  runner.output('status', 'failed');
  throw new Failure({
    what: `Release ${plan.release} was rolled back by hand from revision ${again.revision}, and this deploy brings the same again.`,
    why: `Revision ${rollback.now.revision} runs since (${rollback.now.description}). Nothing was changed.`,
    remedy:
      'Deploy a newer image or other content; or set `force: true`, when what was wrong with it is mended elsewhere.',
  });
}

/**
 * Finds a rollback by people: the last revision is one, and the revision before it was good. What Helm
 * or we undo is marked as failed before.
 *
 * @param read gives `undefined` for what cannot be read
 */
export async function findRollback(
  history: readonly Revision[],
  read: (revision: number) => Promise<ReleaseRecord | undefined>,
): Promise<LeftByPeople | undefined> {
  const last = history.at(-1);
  if (last?.status !== 'deployed' || history.at(-2)?.status !== 'superseded') return undefined;
  const record = await read(last.revision);
  if (record === undefined || !isRollback(record)) return undefined;
  const left: (ReleaseRecord & { readonly revision: number })[] = [];
  // They may have gone back more than once.
  for (const { revision, status } of history.slice(0, -1).toReversed()) {
    const before = status === 'superseded' ? await read(revision) : undefined;
    if (before === undefined) break;
    left.push({ ...before, revision });
    if (!isRollback(before)) break;
  }
  return { left, now: { ...record, revision: last.revision } };
}

/** So Helm itself describes one. */
function isRollback({ description }: ReleaseRecord): boolean {
  return /^Rollback to \d+$/.test(description);
}

/** Exported for its test. */
export function isSame(
  left: Pick<ReleaseRecord, 'manifest'>,
  now: Pick<ReleaseRecord, 'manifest'>,
  wanted: string,
): boolean {
  const [before, present, next] = [left.manifest, now.manifest, wanted].map(imagesOf);
  if (before !== present) return next === before;
  return changedObjects(left.manifest, wanted).length === 0;
}

function imagesOf(manifest: string): string {
  return [...new Set(findImages(manifest).map(({ image }) => image))].sort().join('\n');
}

/** Releases may be kept elsewhere. */
function unknown(error: unknown): undefined {
  if (!(error instanceof KubeProblem)) throw error;
  return undefined;
}
