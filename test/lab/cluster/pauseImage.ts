import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { create } from 'tar';
import type { LabContext } from '../Part.ts';

/** The name of the image in which each pod's namespaces live; no registry is asked for it. */
export const pauseImage = 'lab.invalid/pause:1';

/**
 * Makes an image archive (docker-archive) of a busybox that sleeps.
 *
 * @returns its path
 */
export async function pauseImageArchive(lab: LabContext): Promise<string> {
  const archive = join(lab.cacheDir, 'pause-1.tar');
  if (existsSync(archive)) return archive;
  const folder = mkdtempSync(join(lab.cacheDir, 'pause-'));
  const files = join(folder, 'files');
  mkdirSync(files);
  copyFileSync('/usr/bin/busybox', join(files, 'busybox'));
  chmodSync(join(files, 'busybox'), 0o755);
  await create({ file: join(folder, 'layer.tar'), cwd: files, portable: true }, ['busybox']);
  const layer = createHash('sha256')
    .update(readFileSync(join(folder, 'layer.tar')))
    .digest('hex');
  writeFileSync(
    join(folder, 'config.json'),
    JSON.stringify({
      architecture: process.arch === 'arm64' ? 'arm64' : 'amd64',
      os: 'linux',
      config: { Entrypoint: ['/busybox', 'sleep', '2147483647'] },
      rootfs: { type: 'layers', diff_ids: [`sha256:${layer}`] },
    }),
  );
  writeFileSync(
    join(folder, 'manifest.json'),
    JSON.stringify([{ Config: 'config.json', RepoTags: [pauseImage], Layers: ['layer.tar'] }]),
  );
  await create({ file: `${archive}.new`, cwd: folder }, [
    'manifest.json',
    'config.json',
    'layer.tar',
  ]);
  renameSync(`${archive}.new`, archive);
  rmSync(folder, { recursive: true });
  return archive;
}
