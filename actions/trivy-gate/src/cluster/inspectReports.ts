import type { Runner } from '../../../../shared/action/Runner.ts';
import { Failure } from '../../../../shared/failure/Failure.ts';
import { checkReachable } from '../../../../shared/kube/connect.ts';
import type { Kubeconfig } from '../../../../shared/kube/findKubeconfig.ts';
import { openCluster } from '../../../../shared/kube/openCluster.ts';
import {
  type ClusterQuery,
  inspectCluster,
} from '../../../../shared/kube/reports/inspectCluster.ts';
import { otherDigests } from '../../../../shared/oci/otherDigests.ts';
import type { RegistryClient } from '../../../../shared/oci/RegistryClient.ts';
import type { Inspection } from '../../../../shared/verdict/Inspection.ts';

export interface ReportsTarget extends ClusterQuery {
  /** What kubectl would take, without one. */
  readonly kubeconfig: Kubeconfig | undefined;
}

/**
 * Inspects what runs by the reports in its cluster. A cluster that cannot be asked is a gap; only a
 * cancellation, and a defect of ours, is thrown.
 */
export async function inspectReports(
  target: ReportsTarget,
  registry: Pick<RegistryClient, 'manifest'>,
  runner: Pick<Runner, 'env' | 'log' | 'mask' | 'signal'>,
): Promise<Inspection> {
  try {
    const { api } = await openCluster({ kubeconfig: target.kubeconfig }, runner);
    await checkReachable(api);
    return await inspectCluster(api, target, {
      otherDigests: (image) => otherDigests(image, registry),
    });
  } catch (error) {
    runner.signal.throwIfAborted();
    if (!(error instanceof Failure)) throw error;
    const { namespaces } = target;
    const subject = namespaces === 'all' ? 'the cluster' : `namespaces ${namespaces.join(', ')}`;
    return { subject, findings: [], gaps: [error], notices: [], facts: [] };
  }
}
