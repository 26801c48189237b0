import { CoreV1Api, KubeConfig } from '@kubernetes/client-node';
import { adminKubeconfig } from '../lab/cluster/kubeconfig.ts';
import type { LabContext } from '../lab/Part.ts';

/** A connection that began to a pod of the revision before never answers; the next one does. */
const tryMs = 2000;
const deadlineMs = 30_000;

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
  const deadline = Date.now() + deadlineMs;
  for (;;) {
    try {
      const response = await fetch(address, { signal: AbortSignal.timeout(tryMs) });
      return { address, status: response.status, body: await response.text() };
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
  }
}
