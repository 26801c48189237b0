import { buildkit } from './buildkit/buildkit.ts';
import { containerd } from './cluster/containerd.ts';
import { apiServer, controllerManager, etcd, scheduler } from './cluster/controlPlane.ts';
import { coreDns } from './cluster/nameServer.ts';
import { kubelet, kubeProxy } from './cluster/node.ts';
import { kwok } from './cluster/pretendedNodes.ts';
import { doubleParts } from './doubles/parts.ts';
import { faultParts } from './faults/parts.ts';
import { baseImages } from './images/baseImages.ts';
import type { Part } from './Part.ts';
import { gatekeeper } from './policy/gatekeeper.ts';
import { registryParts } from './registry/parts.ts';
import { trivyDb } from './trivy-db/trivyDb.ts';

/** All parts of the lab, in the order in which their programs are built. */
export const parts: readonly Part[] = [
  ...registryParts,
  buildkit,
  baseImages,
  trivyDb,
  etcd,
  apiServer,
  controllerManager,
  scheduler,
  containerd,
  kubelet,
  kubeProxy,
  coreDns,
  kwok,
  gatekeeper,
  ...faultParts,
  ...doubleParts,
];
