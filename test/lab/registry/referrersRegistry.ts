import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { addresses } from '../addresses.ts';
import { answersHttp } from '../answers.ts';
import { startDaemon, stopDaemon } from '../daemon.ts';
import type { LabContext, Part } from '../Part.ts';

/** Its content ends with it: what is attached to a digest belongs to one run. */
export const referrersRegistry: Part = {
  name: 'referrers-registry',
  about: `a registry with the referrers API at ${addresses.referrersRegistry}`,
  needs: [],
  programs: ['referrers-registry'],
  async start(lab) {
    const blobs = blobsOf(lab);
    mkdirSync(blobs, { recursive: true });
    await startDaemon(lab, {
      name: 'referrers-registry',
      program: await lab.program('referrers-registry'),
      args: [addresses.referrersRegistry, blobs],
      answers: () => referrersRegistry.answers(lab),
    });
  },
  async stop(lab) {
    await stopDaemon(lab, 'referrers-registry');
    rmSync(blobsOf(lab), { recursive: true, force: true });
  },
  answers: () => answersHttp(`http://${addresses.referrersRegistry}/v2/`),
};

function blobsOf(lab: LabContext): string {
  return join(lab.stateDir, 'referrers-registry');
}
