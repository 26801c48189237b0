import { Resolver } from 'node:dns/promises';
import { join } from 'node:path';
import { startDaemon, stopDaemon } from '../daemon.ts';
import type { Part } from '../Part.ts';
import { writeConfig } from '../writeConfig.ts';
import { adminKubeconfig } from './kubeconfig.ts';
import { network } from './network.ts';

const address = `${network.nodeAddress}:53`;

/** A process of the host, so that no pod of the lab's own counts among those of the tests. */
export const coreDns: Part = {
  name: 'coredns',
  about: `resolves the names of services, at ${address}`,
  needs: ['kube-apiserver'],
  programs: ['coredns'],
  async start(lab) {
    const config = join(lab.stateDir, 'Corefile');
    writeConfig(
      config,
      `.:53 {
  bind ${network.nodeAddress}
  errors
  kubernetes ${network.domain} in-addr.arpa ip6.arpa {
    kubeconfig ${adminKubeconfig(lab)}
    pods verified
    ttl 5
  }
}
`,
    );
    await startDaemon(lab, {
      name: 'coredns',
      program: await lab.program('coredns'),
      args: ['-conf', config],
      answers: () => coreDns.answers(lab),
    });
  },
  stop: (lab) => stopDaemon(lab, 'coredns'),
  answers: knowsCluster,
};

/** Asked for a name, since something on the way may take connections to an address that nobody has. */
async function knowsCluster(): Promise<boolean> {
  const resolver = new Resolver({ timeout: 2000, tries: 1 });
  resolver.setServers([address]);
  try {
    const found = await resolver.resolve4(`kubernetes.default.svc.${network.domain}`);
    return found.includes(network.apiServiceAddress);
  } catch {
    return false;
  }
}
