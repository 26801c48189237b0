import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { create } from 'tar';
import { addresses } from '../addresses.ts';
import { answersHttp } from '../answers.ts';
import { command } from '../command.ts';
import type { LabContext, Part } from '../Part.ts';
import { pushArtifact } from '../registry/pushArtifact.ts';

/** What `db-repository` of trivy-gate is given. */
export const trivyDbRepository = `${addresses.registry}/lab/trivy-db:2`;

const artifactType = 'application/vnd.aquasec.trivy.config.v1+json';
const layerType = 'application/vnd.aquasec.trivy.db.layer.v1.tar+gzip';

/** Trivy asks for a new one when the present one is a day old. */
const freshMs = 12 * 3600 * 1000;

export const trivyDb: Part = {
  name: 'trivy-db',
  about: `a small Trivy database at ${trivyDbRepository}`,
  needs: ['registry'],
  programs: ['trivy-db-maker', 'trivy'],
  async start(lab) {
    if (isFresh(lab) && (await trivyDb.answers(lab))) return;
    const maker = await lab.program('trivy-db-maker');
    const folder = await mkdtemp(join(lab.cacheDir, 'trivy-db-'));
    try {
      await command(maker, [join(import.meta.dirname, 'advisories.json'), folder]);
      const archive = join(folder, 'db.tar');
      await create({ file: archive, cwd: folder, portable: true }, ['trivy.db', 'metadata.json']);
      await pushArtifact(`http://${addresses.registry}`, 'lab/trivy-db', '2', {
        artifactType,
        layers: [
          { mediaType: layerType, content: gzipSync(readFileSync(archive)), title: 'db.tar.gz' },
        ],
      });
      writeFileSync(stamp(lab), advisories());
    } finally {
      await rm(folder, { recursive: true });
    }
  },
  // It stays in the registry's storage.
  async stop() {},
  answers: () =>
    answersHttp(`http://${addresses.registry}/v2/lab/trivy-db/manifests/2`, {
      accept: 'application/vnd.oci.image.manifest.v1+json',
    }),
};

function advisories(): string {
  return readFileSync(join(import.meta.dirname, 'advisories.json'), 'utf8');
}

function stamp(lab: LabContext): string {
  return join(lab.cacheDir, 'trivy-db.stamp');
}

function isFresh(lab: LabContext): boolean {
  const made = statSync(stamp(lab), { throwIfNoEntry: false });
  return (
    made !== undefined &&
    Date.now() - made.mtimeMs < freshMs &&
    readFileSync(stamp(lab), 'utf8') === advisories()
  );
}
