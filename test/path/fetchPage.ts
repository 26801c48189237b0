import { CoreV1Api, KubeConfig } from '@kubernetes/client-node';
import { adminKubeconfig } from '../lab/cluster/kubeconfig.ts';
import type { LabContext } from '../lab/Part.ts';

/** Fetches the page of a component from its service's address in the cluster. */
export async function fetchPage(
  lab: LabContext,
  namespace: string,
  service: string,
): Promise<{ readonly address: string; readonly status: number; readonly body: string }> {
  const config = new KubeConfig();
  config.loadFromFile(adminKubeconfig(lab));
  const { spec } = await config
    .makeApiClient(CoreV1Api)
    .readNamespacedService({ namespace, name: service });
  const address = `http://${spec?.clusterIP}:${spec?.ports?.[0]?.port}/`;
  const response = await fetch(address, { signal: AbortSignal.timeout(10_000) });
  return { address, status: response.status, body: await response.text() };
}
