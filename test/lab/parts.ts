import { containerd } from './cluster/containerd.ts';
import { apiServer, controllerManager, etcd, scheduler } from './cluster/controlPlane.ts';
import { kubelet, kubeProxy } from './cluster/node.ts';
import type { Part } from './Part.ts';

/** All parts of the lab, in the order in which their programs are built. */
export const parts: readonly Part[] = [
  etcd,
  apiServer,
  controllerManager,
  scheduler,
  containerd,
  kubelet,
  kubeProxy,
];
