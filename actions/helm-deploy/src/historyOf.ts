import type { Runner } from '../../../shared/action/Runner.ts';
import type { UpgradePlan } from '../../../shared/helm/arguments.ts';
import type { Revision } from '../../../shared/helm/Helm.ts';
import { listRevisions } from '../../../shared/helm/listRevisions.ts';
import { KubeProblem } from '../../../shared/kube/KubeApi.ts';
import type { Cluster } from './openCluster.ts';

/**
 * The revisions of the release, oldest first. The API server is asked, which takes a moment; Helm is
 * where its releases are not kept as Secrets, and where we are refused, since it says why.
 *
 * @throws {Failure} when neither can tell
 */
export async function historyOf(
  { release, namespace }: Pick<UpgradePlan, 'release' | 'namespace'>,
  { api, helm }: Cluster,
  { env }: Pick<Runner, 'env'>,
): Promise<readonly Revision[]> {
  if (!/^(secrets?)?$/.test(env.HELM_DRIVER ?? '')) return helm.history(release, namespace);
  try {
    return await listRevisions(api, release, namespace);
  } catch (error) {
    if (!(error instanceof KubeProblem)) throw error;
    return helm.history(release, namespace);
  }
}
