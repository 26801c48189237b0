import { existsSync } from 'node:fs';
import { Failure } from '../../shared/failure/Failure.ts';
import type { Log } from '../../shared/log/Log.ts';
import { command } from './command.ts';

/** A file that only the package brings, and why the lab wants it. */
export const packages: Readonly<Record<string, readonly [file: string, why: string]>> = {
  'etcd-server': ['/usr/bin/etcd', 'the cluster keeps its state in etcd'],
  containerd: ['/usr/bin/containerd', 'the kubelet runs containers with containerd'],
  runc: ['/usr/sbin/runc', 'containerd and BuildKit start containers with runc'],
  'containernetworking-plugins': ['/usr/lib/cni/bridge', 'pods are connected by CNI plugins'],
  iptables: ['/usr/sbin/iptables', 'pods reach the world, and services answer, through iptables'],
  nftables: ['/usr/sbin/nft', 'kube-proxy writes its rules with nft'],
  conntrack: ['/usr/sbin/conntrack', 'kube-proxy clears old connections with conntrack'],
  'busybox-static': ['/usr/bin/busybox', 'the busybox image is made of it'],
  debootstrap: ['/usr/sbin/debootstrap', 'the Debian base image is made by debootstrap'],
  uidmap: ['/usr/bin/newuidmap', 'a BuildKit without root gives its RUN steps user ids'],
  openssl: ['/usr/bin/openssl', "the lab's certificates are made by openssl"],
};

let turn: Promise<void> = Promise.resolve();

/**
 * Installs the Debian packages that are missing.
 *
 * @throws {Failure} that names the packages and why they are wanted, where they cannot be installed
 */
export function needPackages(names: readonly string[], log: Log): Promise<void> {
  turn = turn.catch(() => {}).then(() => install(names, log));
  return turn;
}

async function install(names: readonly string[], log: Log): Promise<void> {
  const missing = names.filter((name) => !isThere(name));
  if (missing.length === 0) return;
  const why = missing.map((name) => `${name}: ${packages[name]?.[1] ?? ''}`).join('; ');
  if (!existsSync('/usr/bin/apt-get') || process.getuid?.() !== 0) {
    throw new Failure({
      what: `The lab needs ${missing.join(', ')}.`,
      why: `${why}.`,
      remedy: 'Install them, or work as root on Debian or Ubuntu, or in .devcontainer/.',
    });
  }
  log.info(`debian: installing ${missing.join(', ')}`);
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  const args = ['install', '-y', '--no-install-recommends', ...missing];
  const started = performance.now();
  await command('apt-get', args, { env }).catch(async () => {
    // The list of packages may be missing or old.
    await command('apt-get', ['update'], { env });
    await command('apt-get', args, { env });
  });
  log.info(`debian: installed in ${((performance.now() - started) / 1000).toFixed(0)} s`);
}

function isThere(name: string): boolean {
  const file = packages[name]?.[0];
  if (file === undefined) throw new Error(`debian.ts does not know ${name}`);
  return existsSync(file) || existsSync(file.replace('/usr/sbin/', '/usr/bin/'));
}
