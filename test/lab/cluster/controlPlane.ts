import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { addresses } from '../addresses.ts';
import { answersHttp, listens } from '../answers.ts';
import { certificate } from '../authority.ts';
import { command } from '../command.ts';
import { startDaemon, stopDaemon } from '../daemon.ts';
import { needPackages } from '../debian.ts';
import type { LabContext, Part } from '../Part.ts';
import { adminKubeconfig, guestKubeconfig, writeKubeconfig } from './kubeconfig.ts';
import { network } from './network.ts';

const apiServerUrl = `https://${addresses.apiServer}`;

export const etcd: Part = {
  name: 'etcd',
  about: "the cluster's store",
  needs: [],
  programs: [],
  async start(lab) {
    await needPackages(['etcd-server'], lab.log);
    await startDaemon(lab, {
      name: 'etcd',
      program: 'etcd',
      args: [
        '--name=lab',
        `--data-dir=${join(lab.stateDir, 'etcd')}`,
        `--listen-client-urls=http://${addresses.etcd}`,
        `--advertise-client-urls=http://${addresses.etcd}`,
        `--listen-peer-urls=http://${addresses.etcdPeer}`,
        `--initial-advertise-peer-urls=http://${addresses.etcdPeer}`,
        `--initial-cluster=lab=http://${addresses.etcdPeer}`,
        // The lab's objects need not outlive a power cut, and the disk is slow.
        '--unsafe-no-fsync',
      ],
      answers: () => etcd.answers(lab),
    });
  },
  async stop(lab) {
    await stopDaemon(lab, 'etcd');
    rmSync(join(lab.stateDir, 'etcd'), { recursive: true, force: true });
  },
  answers: () => answersHttp(`http://${addresses.etcd}/health`),
};

export const apiServer: Part = {
  name: 'kube-apiserver',
  about: `the Kubernetes API at ${apiServerUrl}`,
  needs: ['etcd'],
  programs: ['kube-apiserver'],
  async start(lab) {
    const { ca, cert, key } = await apiServerCertificate(lab);
    const admin = await adminCertificate(lab);
    const serviceAccounts = await serviceAccountKey(lab);
    const tokens = tokenFile(lab);
    await nodeAddress('replace');
    await startDaemon(lab, {
      name: 'kube-apiserver',
      program: await lab.program('kube-apiserver'),
      args: [
        `--etcd-servers=http://${addresses.etcd}`,
        // On the lab's own interface as well, where pods reach it.
        '--bind-address=0.0.0.0',
        `--advertise-address=${network.nodeAddress}`,
        `--secure-port=${port(addresses.apiServer)}`,
        `--tls-cert-file=${cert}`,
        `--tls-private-key-file=${key}`,
        `--cert-dir=${lab.stateDir}`,
        `--client-ca-file=${ca}`,
        `--token-auth-file=${tokens}`,
        '--authorization-mode=Node,RBAC',
        '--allow-privileged=true',
        `--service-cluster-ip-range=${network.serviceRange}`,
        '--service-account-issuer=https://kubernetes.default.svc',
        `--service-account-key-file=${serviceAccounts}`,
        `--service-account-signing-key-file=${serviceAccounts}`,
        `--kubelet-client-certificate=${admin.cert}`,
        `--kubelet-client-key=${admin.key}`,
        '--kubelet-preferred-address-types=InternalIP',
        '--profiling=false',
        // Lists as streams want an etcd from 3.5 on. Debian's 3.4 makes each such watch fail after it began:
        // Helm and KWOK then ask again later and later, and miss what happens in between.
        '--feature-gates=WatchList=false',
      ],
      answers: () => apiServer.answers(lab),
    });
    writeKubeconfig(adminKubeconfig(lab), ca, admin);
    const [guest = ''] = readFileSync(tokens, 'utf8').split(',');
    writeKubeconfig(guestKubeconfig(lab), ca, { token: guest });
  },
  async stop(lab) {
    await stopDaemon(lab, 'kube-apiserver');
    await nodeAddress('delete');
  },
  answers: async (lab) =>
    answersHttp(`${apiServerUrl}/readyz`, { ca: (await apiServerCertificate(lab)).ca }),
};

export const controllerManager: Part = {
  name: 'kube-controller-manager',
  about: 'makes pods of deployments, and host paths of claims',
  needs: ['kube-apiserver'],
  programs: ['kube-controller-manager'],
  async start(lab) {
    const { ca, key } = await authorityFiles(lab);
    await startDaemon(lab, {
      name: 'kube-controller-manager',
      program: await lab.program('kube-controller-manager'),
      args: [
        `--kubeconfig=${adminKubeconfig(lab)}`,
        `--authentication-kubeconfig=${adminKubeconfig(lab)}`,
        `--authorization-kubeconfig=${adminKubeconfig(lab)}`,
        '--bind-address=127.0.0.1',
        `--secure-port=${port(addresses.controllerManager)}`,
        `--cert-dir=${lab.stateDir}`,
        '--leader-elect=false',
        '--use-service-account-credentials=true',
        `--service-account-private-key-file=${await serviceAccountKey(lab)}`,
        `--root-ca-file=${ca}`,
        `--cluster-signing-cert-file=${ca}`,
        `--cluster-signing-key-file=${key}`,
        `--service-cluster-ip-range=${network.serviceRange}`,
        '--enable-hostpath-provisioner=true',
      ],
      answers: () => controllerManager.answers(lab),
    });
  },
  async stop(lab) {
    await stopDaemon(lab, 'kube-controller-manager');
    // Where the host-path provisioner puts volumes is fixed in its source.
    rmSync('/tmp/hostpath_pv', { recursive: true, force: true });
  },
  answers: () => listens(addresses.controllerManager),
};

export const scheduler: Part = {
  name: 'kube-scheduler',
  about: 'gives pods their node',
  needs: ['kube-apiserver'],
  programs: ['kube-scheduler'],
  async start(lab) {
    await startDaemon(lab, {
      name: 'kube-scheduler',
      program: await lab.program('kube-scheduler'),
      args: [
        `--kubeconfig=${adminKubeconfig(lab)}`,
        `--authentication-kubeconfig=${adminKubeconfig(lab)}`,
        `--authorization-kubeconfig=${adminKubeconfig(lab)}`,
        '--bind-address=127.0.0.1',
        `--secure-port=${port(addresses.scheduler)}`,
        `--cert-dir=${lab.stateDir}`,
        '--leader-elect=false',
      ],
      answers: () => scheduler.answers(lab),
    });
  },
  stop: (lab) => stopDaemon(lab, 'kube-scheduler'),
  answers: () => listens(addresses.scheduler),
};

export function port(address: string): string {
  return address.split(':').at(-1) ?? '';
}

/** The administrator's client certificate, also the API server's towards the kubelet. */
export function adminCertificate(lab: LabContext) {
  return certificate(lab, 'admin', { subject: { O: 'system:masters', CN: 'lab-admin' } });
}

function apiServerCertificate(lab: LabContext) {
  return certificate(lab, 'kube-apiserver', {
    hosts: [
      '127.0.0.1',
      'localhost',
      network.nodeAddress,
      network.apiServiceAddress,
      'kubernetes',
      'kubernetes.default',
      'kubernetes.default.svc',
    ],
  });
}

async function authorityFiles(lab: LabContext): Promise<{ ca: string; key: string }> {
  const { ca } = await apiServerCertificate(lab);
  return { ca, key: ca.replace(/\.crt$/, '.key') };
}

async function serviceAccountKey(lab: LabContext): Promise<string> {
  const path = join(lab.cacheDir, 'authority', 'service-accounts.key');
  if (!existsSync(path)) {
    await command('openssl', [
      'genpkey',
      '-algorithm',
      'RSA',
      '-pkeyopt',
      'rsa_keygen_bits:2048',
      '-out',
      path,
    ]);
  }
  return path;
}

/** One token, of a user who may do nothing. */
function tokenFile(lab: LabContext): string {
  const path = join(lab.stateDir, 'tokens.csv');
  if (!existsSync(path)) {
    writeFileSync(path, `${randomBytes(24).toString('hex')},guest,guest\n`, { mode: 0o600 });
  }
  return path;
}

/** An address of the loopback interface, so that neither a module nor a real interface takes part. */
async function nodeAddress(action: 'replace' | 'delete'): Promise<void> {
  await command('ip', ['address', action, `${network.nodeAddress}/32`, 'dev', 'lo'], {
    allowFailure: action === 'delete',
  });
}
