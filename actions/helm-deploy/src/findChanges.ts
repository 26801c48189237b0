import { isDeepStrictEqual } from 'node:util';
import type { Runner } from '../../../shared/action/Runner.ts';
import { changedObjects } from '../../../shared/helm/manifests/changedObjects.ts';
import { readDryRun } from '../../../shared/helm/readDryRun.ts';
import { type ReleaseRecord, readRelease } from '../../../shared/helm/readRelease.ts';
import { KubeProblem } from '../../../shared/kube/KubeApi.ts';
import { digestOf } from '../../../shared/oci/putManifest.ts';
import type { DeployPlan } from './DeployPlan.ts';
import { historyOf } from './historyOf.ts';
import type { Cluster } from './openCluster.ts';

export interface Changes {
  /** The revision that is deployed. */
  readonly revision: number;
  /** Whether a deploy would make the same revision again. */
  readonly none: boolean;
  /** Of the deployed manifest. */
  readonly manifestDigest: string;
}

/**
 * Compares what a deploy would write with the revision that is deployed: objects, hooks, values and
 * chart. Templates that draw something anew each time always differ.
 *
 * @returns `undefined` where that cannot be told: nothing is deployed, the last revision failed, or
 * Helm cannot say what it would write
 */
export async function findChanges(
  plan: DeployPlan,
  cluster: Cluster,
  runner: Runner,
): Promise<Changes | undefined> {
  const { release, namespace } = plan;
  const last = (await historyOf(plan, cluster, runner)).at(-1);
  if (last?.status !== 'deployed' || plan.first !== undefined) return undefined;
  const { revision } = last;
  const [deployed, wanted] = await Promise.all([
    readRelease(cluster.api, { release, namespace, revision }).catch(unknown),
    wouldBe(plan, cluster, runner),
  ]);
  if (deployed === undefined || wanted === undefined) return undefined;
  const differing = changedObjects(deployed.manifest, wanted.manifest);
  const none = differing.length === 0 && same(deployed, wanted);
  return { revision, none, manifestDigest: digestOf(deployed.manifest) };
}

async function wouldBe(
  plan: DeployPlan,
  { helm }: Cluster,
  { signal }: Runner,
): Promise<ReleaseRecord | undefined> {
  const outcome = await helm.dryRun(plan, signal);
  signal.throwIfAborted();
  // A failure is told by the deploy itself.
  return readDryRun(outcome);
}

function same(a: ReleaseRecord, b: ReleaseRecord): boolean {
  const rest = ({ config, chart, hooks }: ReleaseRecord) => ({
    config,
    chart,
    hooks: hooks.map(({ path, manifest }) => `${path} ${manifest}`).sort(),
  });
  // Numbers as both were written: one went through a Secret, the other did not.
  return isDeepStrictEqual(rest(a), rest(b));
}

/** Releases may be kept elsewhere. */
function unknown(error: unknown): undefined {
  if (!(error instanceof KubeProblem)) throw error;
  return undefined;
}
