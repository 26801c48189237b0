import type { Runner } from '../../../shared/action/Runner.ts';
import type { Failure } from '../../../shared/failure/Failure.ts';
import { hasNamespace } from '../../../shared/kube/hasNamespace.ts';
import { KubeProblem } from '../../../shared/kube/KubeApi.ts';
import { checkFirst } from './checkFirst.ts';
import type { DeployPlan } from './DeployPlan.ts';
import type { Cluster } from './openCluster.ts';
import type { Rendered } from './renderFirst.ts';

export interface Made {
  readonly refused?: Failure | undefined;
  /** What this step has changed so far, where that is something. */
  readonly changed?: string;
}

/**
 * Makes the namespace where that is asked and it is missing: once nothing stands in the way that can be
 * told without it. In it the release is held against others, and tried as a whole.
 */
export async function makeNamespace(
  rendering: Promise<Rendered | undefined> | undefined,
  plan: DeployPlan,
  cluster: Cluster,
  runner: Runner,
): Promise<Made> {
  const { namespace, createNamespace } = plan;
  const { api } = cluster;
  if (!createNamespace || (await hasNamespace(api, namespace))) return {};
  const rendered = await rendering;
  const refused = rendered && (await checkFirst(rendered, 'install', plan, cluster, runner));
  if (refused !== undefined) return { refused };
  try {
    await api.create('/api/v1/namespaces', { metadata: { name: namespace } });
    runner.log.info(`Namespace ${namespace} was created, and stays when the release goes.`);
    return { changed: `Nothing was changed, but that namespace ${namespace} was created for it.` };
  } catch (error) {
    // Another job was faster (409), or Helm will say what is wrong with it.
    if (!(error instanceof KubeProblem)) throw error;
    return {};
  }
}
