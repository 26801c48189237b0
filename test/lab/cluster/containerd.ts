import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { addresses } from '../addresses.ts';
import { listens } from '../answers.ts';
import { authority } from '../authority.ts';
import { command } from '../command.ts';
import { startDaemon, stopDaemon } from '../daemon.ts';
import { needPackages } from '../debian.ts';
import type { LabContext, Part } from '../Part.ts';
import { writeConfig } from '../writeConfig.ts';
import { network } from './network.ts';
import { pauseImage, pauseImageArchive } from './pauseImage.ts';

export function containerdSocket(lab: Pick<LabContext, 'stateDir'>): string {
  return join(lab.stateDir, 'containerd.sock');
}

export const containerd: Part = {
  name: 'containerd',
  about: 'runs the containers of pods',
  needs: [],
  programs: [],
  async start(lab) {
    await needPackages(
      ['containerd', 'runc', 'containernetworking-plugins', 'iptables', 'busybox-static'],
      lab.log,
    );
    writeNetworkConfig(lab);
    await writeRegistries(lab);
    const config = join(lab.stateDir, 'containerd.toml');
    writeConfig(config, containerdConfig(lab));
    await startDaemon(lab, {
      name: 'containerd',
      program: 'containerd',
      args: ['--config', config],
      answers: () => containerd.answers(lab),
    });
    const images = await ctr(lab, ['images', 'list', '--quiet']);
    if (!images.split('\n').includes(pauseImage)) {
      await ctr(lab, ['images', 'import', await pauseImageArchive(lab)]);
    }
  },
  async stop(lab) {
    if (await containerd.answers(lab)) await removeContainers(lab);
    await stopDaemon(lab, 'containerd');
    // Shims belong to no process group of ours; they are known by the socket that they serve.
    await command('pkill', ['-KILL', '-f', `containerd-shim.* -address ${containerdSocket(lab)}`], {
      allowFailure: true,
    });
    await unmountBelow(lab.stateDir);
    await removeNetwork(lab);
    rmSync(join(lab.stateDir, 'containerd'), { recursive: true, force: true });
  },
  answers: (lab) => listens(containerdSocket(lab)),
};

/** Runs containerd's own client in the namespace of the kubelet. */
export function ctr(lab: LabContext, args: readonly string[]): Promise<string> {
  return command('ctr', ['--address', containerdSocket(lab), '--namespace', 'k8s.io', ...args]);
}

function containerdConfig(lab: LabContext): string {
  return `version = 2
root = "${join(lab.cacheDir, 'containerd')}"
state = "${join(lab.stateDir, 'containerd')}"
[grpc]
  address = "${containerdSocket(lab)}"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "${pauseImage}"
  disable_apparmor = true
  # A container of its own may not lower the score by which the kernel kills.
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "${join(lab.stateDir, 'cni')}"
  [plugins."io.containerd.grpc.v1.cri".registry]
    config_path = "${join(lab.stateDir, 'registries')}"
`;
}

function writeNetworkConfig(lab: LabContext): void {
  const folder = join(lab.stateDir, 'cni');
  mkdirSync(folder, { recursive: true });
  writeConfig(
    join(folder, '10-lab.conflist'),
    JSON.stringify({
      cniVersion: '0.4.0',
      name: 'platform-actions-lab',
      plugins: [
        {
          type: 'bridge',
          bridge: network.bridge,
          isGateway: true,
          ipMasq: true,
          hairpinMode: true,
          ipam: {
            type: 'host-local',
            ranges: [[{ subnet: network.podRange }]],
            routes: [{ dst: '0.0.0.0/0' }],
            dataDir: join(lab.stateDir, 'cni-addresses'),
          },
        },
      ],
    }),
  );
}

/** The lab's registries: two without TLS, one by the lab's authority, and the mirror of Docker Hub. */
async function writeRegistries(lab: LabContext): Promise<void> {
  const { cert } = await authority(lab);
  const hosts: Record<string, string> = {
    'docker.io': `server = "https://registry-1.docker.io"\n[host."http://${addresses.registry}"]\n`,
    [addresses.registry]: `server = "http://${addresses.registry}"\n`,
    [addresses.referrersRegistry]: `server = "http://${addresses.referrersRegistry}"\n`,
    // containerd 1.6 reads nothing of a file without a `host`, and then takes localhost without TLS.
    [addresses.acr]: `server = "https://${addresses.acr}"\n[host."https://${addresses.acr}"]\nca = "${cert}"\n`,
  };
  for (const [host, text] of Object.entries(hosts)) {
    const folder = join(lab.stateDir, 'registries', host);
    mkdirSync(folder, { recursive: true });
    writeConfig(join(folder, 'hosts.toml'), text);
  }
}

async function removeContainers(lab: LabContext): Promise<void> {
  const ids = (await ctr(lab, ['containers', 'list', '--quiet'])).split('\n').filter(Boolean);
  if (ids.length === 0) return;
  await Promise.all(
    ids.map((id) =>
      ctr(lab, ['tasks', 'delete', '--force', id]).catch(() => {
        // It has no task any more.
      }),
    ),
  );
  await ctr(lab, ['containers', 'delete', ...ids]);
}

/** Unmounts what containers and pods left at and below a folder, the deepest first. */
export async function unmountBelow(folder: string): Promise<void> {
  const mounts = (await command('cat', ['/proc/self/mounts'])).split('\n').flatMap((line) => {
    const path = line.split(' ')[1]?.replaceAll('\\040', ' ');
    return path === folder || path?.startsWith(`${folder}/`) ? [path] : [];
  });
  for (const path of mounts.sort((a, b) => b.length - a.length)) {
    await command('umount', ['--lazy', path], { allowFailure: true });
  }
}

/** The bridge, the pods' network namespaces, and the masquerading rules of the bridge plugin. */
async function removeNetwork(lab: LabContext): Promise<void> {
  await command('ip', ['link', 'delete', network.bridge], { allowFailure: true });
  for (const namespace of listNamespaces()) {
    await command('umount', ['--lazy', `/run/netns/${namespace}`], { allowFailure: true });
    rmSync(`/run/netns/${namespace}`, { force: true });
  }
  const rules = await command('iptables-save', ['-t', 'nat'], { allowFailure: true });
  const chains = new Set<string>();
  for (const rule of rules.split('\n').filter((line) => line.includes('"platform-actions-lab"'))) {
    const chain = / -j (CNI-[0-9a-f]+)/.exec(rule)?.[1] ?? /^-A (CNI-[0-9a-f]+)/.exec(rule)?.[1];
    if (chain !== undefined) chains.add(chain);
    if (!rule.startsWith('-A POSTROUTING')) continue;
    const words = rule.replace(/^-A/, '-D').match(/"[^"]*"|\S+/g) ?? [];
    await command('iptables', ['-t', 'nat', ...words.map((word) => word.replaceAll('"', ''))], {
      allowFailure: true,
    });
  }
  for (const chain of chains) {
    await command('iptables', ['-t', 'nat', '-F', chain], { allowFailure: true });
    await command('iptables', ['-t', 'nat', '-X', chain], { allowFailure: true });
  }
  rmSync(join(lab.stateDir, 'cni-addresses'), { recursive: true, force: true });
}

/** Namespaces that containerd made for pods are called `cni-…`. */
function listNamespaces(): string[] {
  try {
    return readdirSync('/run/netns').filter((name) => name.startsWith('cni-'));
  } catch {
    return [];
  }
}
