import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { addresses } from '../addresses.ts';
import { answersHttp } from '../answers.ts';
import { authority } from '../authority.ts';
import { command } from '../command.ts';
import { startDaemon, stopDaemon } from '../daemon.ts';
import { needPackages } from '../debian.ts';
import type { LabContext, Part } from '../Part.ts';
import { writeConfig } from '../writeConfig.ts';
import { containerdSocket, unmountBelow } from './containerd.ts';
import { port } from './controlPlane.ts';
import { adminKubeconfig } from './kubeconfig.ts';
import { network } from './network.ts';
import { readyNode } from './readyNode.ts';

export const kubelet: Part = {
  name: 'kubelet',
  about: `the node ${network.nodeName}, on which pods really run`,
  needs: ['kube-apiserver', 'containerd'],
  programs: ['kubelet'],
  async start(lab) {
    const root = join(lab.stateDir, 'kubelet');
    mkdirSync(root, { recursive: true });
    const config = join(lab.stateDir, 'kubelet.yaml');
    writeConfig(config, stringify(await kubeletConfig(lab)));
    await startDaemon(lab, {
      name: 'kubelet',
      program: await lab.program('kubelet'),
      args: [
        `--config=${config}`,
        `--kubeconfig=${adminKubeconfig(lab)}`,
        `--root-dir=${root}`,
        `--cert-dir=${join(root, 'pki')}`,
        `--hostname-override=${network.nodeName}`,
        `--node-ip=${network.nodeAddress}`,
      ],
      answers: () => answersHttp(`http://${addresses.kubeletHealth}/healthz`),
    });
    await readyNode(lab);
  },
  async stop(lab) {
    await stopDaemon(lab, 'kubelet');
    const root = join(lab.stateDir, 'kubelet');
    await unmountBelow(root);
    rmSync(root, { recursive: true, force: true });
  },
  answers: () => answersHttp(`http://${addresses.kubeletHealth}/healthz`),
};

async function kubeletConfig(lab: LabContext): Promise<Record<string, unknown>> {
  const nothing = '0%';
  const resolve = join(lab.stateDir, 'resolv.conf');
  writeConfig(resolve, `nameserver ${network.nodeAddress}\n`);
  return {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    address: network.nodeAddress,
    port: Number(port(addresses.kubelet)),
    healthzBindAddress: '127.0.0.1',
    healthzPort: Number(port(addresses.kubeletHealth)),
    containerRuntimeEndpoint: `unix://${containerdSocket(lab)}`,
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: (await authority(lab)).cert },
    },
    authorization: { mode: 'Webhook' },
    clusterDNS: [network.nodeAddress],
    clusterDomain: network.domain,
    resolvConf: resolve,
    podLogsDir: join(lab.stateDir, 'pod-logs'),
    volumePluginDir: join(lab.stateDir, 'kubelet', 'plugins'),
    // A development machine or a container has neither systemd nor, sometimes, cgroup v2.
    cgroupDriver: 'cgroupfs',
    failCgroupV1: false,
    failSwapOn: false,
    localStorageCapacityIsolation: false,
    enforceNodeAllocatable: [],
    // A full disk of the machine is not the lab's business.
    evictionHard: {
      'memory.available': nothing,
      'nodefs.available': nothing,
      'nodefs.inodesFree': nothing,
      'imagefs.available': nothing,
    },
    imageGCHighThresholdPercent: 100,
    imageGCLowThresholdPercent: 99,
    maxPods: 250,
    serializeImagePulls: false,
  };
}

export const kubeProxy: Part = {
  name: 'kube-proxy',
  about: 'makes the addresses of services answer',
  needs: ['kubelet'],
  programs: ['kube-proxy'],
  async start(lab) {
    await needPackages(['nftables', 'conntrack'], lab.log);
    const config = join(lab.stateDir, 'kube-proxy.yaml');
    writeConfig(
      config,
      stringify({
        apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
        kind: 'KubeProxyConfiguration',
        mode: 'nftables',
        clientConnection: { kubeconfig: adminKubeconfig(lab) },
        hostnameOverride: network.nodeName,
        clusterCIDR: network.podRange,
        healthzBindAddress: addresses.kubeProxyHealth,
        metricsBindAddress: addresses.kubeProxyMetrics,
        // Two pods on one bridge would answer each other past the rules; so they come from the host.
        nftables: { masqueradeAll: true },
        // Zeros leave the machine's own settings alone.
        conntrack: {
          maxPerCore: 0,
          min: 0,
          tcpEstablishedTimeout: '0s',
          tcpCloseWaitTimeout: '0s',
        },
      }),
    );
    await startDaemon(lab, {
      name: 'kube-proxy',
      program: await lab.program('kube-proxy'),
      args: [`--config=${config}`],
      answers: () => kubeProxy.answers(lab),
    });
  },
  async stop(lab) {
    await stopDaemon(lab, 'kube-proxy');
    await removeRules();
  },
  answers: () => answersHttp(`http://${addresses.kubeProxyHealth}/healthz`),
};

/** Its rules stay after it has ended; they are a table of their own for each family. */
async function removeRules(): Promise<void> {
  for (const family of ['ip', 'ip6']) {
    await command('nft', ['delete', 'table', family, 'kube-proxy'], { allowFailure: true });
  }
}
