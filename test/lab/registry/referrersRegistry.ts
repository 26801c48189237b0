import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { addresses } from '../addresses.ts';
import { answersHttp } from '../answers.ts';
import { startDaemon, stopDaemon } from '../daemon.ts';
import type { Part } from '../Part.ts';

/** Empty at each start: what is attached to a digest belongs to one run. */
export const referrersRegistry: Part = {
  name: 'referrers-registry',
  about: `a registry with the referrers API at ${addresses.referrersRegistry}`,
  needs: [],
  programs: ['referrers-registry'],
  async start(lab) {
    const blobs = join(lab.stateDir, 'referrers-registry');
    mkdirSync(blobs, { recursive: true });
    await startDaemon(lab, {
      name: 'referrers-registry',
      program: await lab.program('referrers-registry'),
      args: [addresses.referrersRegistry, blobs],
      answers: () => referrersRegistry.answers(lab),
    });
  },
  stop: (lab) => stopDaemon(lab, 'referrers-registry'),
  answers: () => answersHttp(`http://${addresses.referrersRegistry}/v2/`),
};
