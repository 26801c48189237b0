import { readRelease } from '../../../../../shared/helm/readRelease.ts';
import { KubeProblem } from '../../../../../shared/kube/KubeApi.ts';
import { digestOf } from '../../../../../shared/oci/putManifest.ts';
import type { Cluster } from '../../openCluster.ts';
import type { Planned } from './makePlan.ts';
import type { Plan } from './Plan.ts';

/** Whether a saved plan is what runs already, as when the job that deployed it is run again. */
export async function keepsTo(
  saved: Plan,
  { plan: { release, namespace }, rendered, history }: Planned,
  { api }: Pick<Cluster, 'api'>,
): Promise<boolean> {
  const last = history.at(-1);
  if (last?.status !== 'deployed' || last.revision <= saved.revision) return false;
  if (saved.release !== release || saved.namespace !== namespace) return false;
  if (digestOf(rendered.manifest) !== saved.manifest) return false;
  try {
    const { manifest } = await readRelease(api, { release, namespace, revision: last.revision });
    return digestOf(manifest) === saved.manifest;
  } catch (error) {
    if (error instanceof KubeProblem) return false;
    throw error;
  }
}
