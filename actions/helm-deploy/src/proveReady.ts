import type { Runner } from '../../../shared/action/Runner.ts';
import { releasedKinds } from '../../../shared/helm/releasedKinds.ts';
import { type CustomKind, customKinds } from '../../../shared/kube/customKinds.ts';
import type { Followed } from '../../../shared/kube/followRollout.ts';
import type { KubeApi } from '../../../shared/kube/KubeApi.ts';
import { type Settled, type Settling, waitSettled } from '../../../shared/kube/waitSettled.ts';
import type { Watching } from './watchRollout.ts';

/** Waits, after Helm has, until all of the release is ready and has stayed so for the settle time. */
export async function proveReady(
  api: KubeApi,
  settling: Settling,
  watching: Watching,
  runner: Runner,
): Promise<Settled> {
  const settled = await waitSettled(api, { ...settling, onLook: watching.show });
  watching.show(settled.snapshot);
  const { certain } = settled;
  if (certain !== undefined) {
    runner.log.info(`This cannot heal: ${certain.chain}: ${certain.reason}. It is waited no more.`);
  }
  return settled;
}

/** The kinds of a revision that others than Kubernetes have defined, and where they are. */
export async function customKindsOf(
  api: KubeApi,
  { release, namespace }: Pick<Followed, 'release' | 'namespace'>,
  revision: number | undefined,
): Promise<readonly CustomKind[]> {
  if (revision === undefined) return [];
  return customKinds(api, namespace, await releasedKinds(api, release, namespace, revision));
}
