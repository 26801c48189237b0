import { setTimeout as sleep } from 'node:timers/promises';
import { CoreV1Api, KubeConfig, StorageV1Api } from '@kubernetes/client-node';
import { Failure } from '../../../shared/failure/Failure.ts';
import type { LabContext } from '../Part.ts';
import { adminKubeconfig } from './kubeconfig.ts';
import { network } from './network.ts';

const deadlineMs = 60_000;

/**
 * Waits until the node takes pods, and makes sure of the default StorageClass.
 *
 * @throws {Failure} with the node's own word, when it is not ready in time
 */
export async function readyNode(lab: LabContext): Promise<void> {
  const config = new KubeConfig();
  config.loadFromFile(adminKubeconfig(lab));
  const core = config.makeApiClient(CoreV1Api);
  const deadline = Date.now() + deadlineMs;
  for (;;) {
    const node = await core.readNode({ name: network.nodeName }).catch(() => undefined);
    const ready = node?.status?.conditions?.find(({ type }) => type === 'Ready');
    if (ready?.status === 'True') break;
    if (Date.now() > deadline) {
      throw new Failure({
        what: `The node ${network.nodeName} is not ready after ${deadlineMs / 1000} s.`,
        why: ready?.message ?? 'It has not registered.',
        remedy: `Its log is kubelet.log in ${lab.logDir}.`,
      });
    }
    await sleep(100);
  }
  await ensureStorageClass(config.makeApiClient(StorageV1Api));
}

async function ensureStorageClass(storage: StorageV1Api): Promise<void> {
  const name = 'host-path';
  const { items } = await storage.listStorageClass();
  if (items.some(({ metadata }) => metadata?.name === name)) return;
  await storage.createStorageClass({
    body: {
      metadata: { name, annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
      provisioner: 'kubernetes.io/host-path',
      reclaimPolicy: 'Delete',
      volumeBindingMode: 'Immediate',
    },
  });
}
