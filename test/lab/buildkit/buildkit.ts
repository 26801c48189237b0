import { join } from 'node:path';
import { addresses } from '../addresses.ts';
import { listens } from '../answers.ts';
import { authority } from '../authority.ts';
import { unmountBelow } from '../cluster/containerd.ts';
import { startDaemon, stopDaemon } from '../daemon.ts';
import { needPackages } from '../debian.ts';
import type { LabContext, Part } from '../Part.ts';
import { writeConfig } from '../writeConfig.ts';

/** What `builder:` of build-push-image is given. */
export function buildkitAddress(lab: Pick<LabContext, 'stateDir'>): string {
  return `unix://${buildkitSocket(lab)}`;
}

function buildkitSocket(lab: Pick<LabContext, 'stateDir'>): string {
  return join(lab.stateDir, 'buildkitd.sock');
}

export const buildkit: Part = {
  name: 'buildkit',
  about: 'builds images',
  needs: ['registry'],
  programs: ['buildkitd', 'buildx'],
  async start(lab) {
    await needPackages(['runc'], lab.log);
    const config = join(lab.stateDir, 'buildkitd.toml');
    writeConfig(config, buildkitConfig((await authority(lab)).cert));
    await startDaemon(lab, {
      name: 'buildkitd',
      program: await lab.program('buildkitd'),
      args: [
        '--config',
        config,
        '--addr',
        buildkitAddress(lab),
        '--root',
        join(lab.cacheDir, 'buildkit'),
      ],
      answers: () => buildkit.answers(lab),
    });
  },
  async stop(lab) {
    await stopDaemon(lab, 'buildkitd');
    await unmountBelow(join(lab.cacheDir, 'buildkit'));
  },
  answers: (lab) => listens(buildkitSocket(lab)),
};

/** RUN steps use the machine's network, so that they reach the package registries as it does. */
function buildkitConfig(ca: string): string {
  // BuildKit speaks plain HTTP to whatever is on this machine, unless it is told not to.
  const secure = [addresses.acr, ...addresses.acrOfTests];
  return `insecure-entitlements = ["network.host"]
[worker.oci]
  enabled = true
  networkMode = "host"
  gc = true
  maxUsedSpace = "10GB"
[worker.containerd]
  enabled = false
[registry."docker.io"]
  mirrors = ["${addresses.registry}"]
[registry."${addresses.registry}"]
  http = true
[registry."${addresses.referrersRegistry}"]
  http = true
${secure.map((host) => `[registry."${host}"]\n  http = false\n  ca = ["${ca}"]\n`).join('')}`;
}
