import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { addresses } from '../addresses.ts';
import { answersHttp } from '../answers.ts';
import { startDaemon, stopDaemon } from '../daemon.ts';
import type { Part } from '../Part.ts';
import { writeConfig } from '../writeConfig.ts';

/** Its content outlives the lab: base images are made once. */
export const registry: Part = {
  name: 'registry',
  about: `a registry without login at ${addresses.registry}, also the mirror of docker.io`,
  needs: [],
  programs: ['registry'],
  async start(lab) {
    const config = join(lab.stateDir, 'registry.yaml');
    const storage = join(lab.cacheDir, 'registry');
    mkdirSync(storage, { recursive: true });
    writeConfig(config, stringify(distributionConfig(addresses.registry, storage)));
    await startDaemon(lab, {
      name: 'registry',
      program: await lab.program('registry'),
      args: ['serve', config],
      env: { OTEL_TRACES_EXPORTER: 'none' },
      answers: () => registry.answers(lab),
    });
  },
  stop: (lab) => stopDaemon(lab, 'registry'),
  answers: () => answersHttp(`http://${addresses.registry}/v2/`),
};

/** The configuration of CNCF distribution. */
export function distributionConfig(address: string, storage: string): Record<string, unknown> {
  return {
    version: '0.1',
    log: { level: 'info', accesslog: { disabled: false } },
    storage: { filesystem: { rootdirectory: storage }, delete: { enabled: true } },
    http: { addr: address, secret: 'one process serves all uploads' },
  };
}
