import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { addresses } from '../addresses.ts';
import { answersHttp } from '../answers.ts';
import { build } from '../buildkit/build.ts';
import { command } from '../command.ts';
import { needPackages } from '../debian.ts';
import type { LabContext } from '../Part.ts';

/**
 * Gives the lab's registry an image with which a pod builds, as moby/buildkit is one: our buildkitd
 * and buildctl, and the machine's runc with its libraries, on busybox. Made once for each version.
 *
 * @returns its name
 */
export async function buildkitImage(lab: LabContext): Promise<string> {
  await needPackages(['runc'], lab.log);
  const files = {
    '/usr/bin/buildkitd': await lab.program('buildkitd'),
    '/usr/bin/buildctl': await lab.program('buildctl'),
    '/usr/bin/runc': '/usr/sbin/runc',
    ...(await librariesOf('/usr/sbin/runc')),
  };
  const sum = createHash('sha256').update(JSON.stringify(Object.keys(files)));
  for (const path of Object.values(files)) sum.update(readFileSync(path));
  const tag = sum.digest('hex').slice(0, 12);
  const name = `${addresses.registry}/lab/buildkit:${tag}`;
  const manifest = `http://${addresses.registry}/v2/lab/buildkit/manifests/${tag}`;
  const accept = 'application/vnd.oci.image.manifest.v1+json';
  if (await answersHttp(manifest, { accept })) return name;
  const context = await mkdtemp(join(tmpdir(), 'buildkit-image-'));
  try {
    for (const [path, source] of Object.entries(files)) {
      const target = join(context, 'files', path);
      await mkdir(dirname(target), { recursive: true });
      await cp(source, target, { dereference: true });
    }
    writeFileSync(
      join(context, 'Dockerfile'),
      'FROM busybox:1.36\nCOPY files /\nENTRYPOINT ["/usr/bin/buildkitd"]\n',
    );
    await build(lab, { context, tag: name });
  } finally {
    await rm(context, { recursive: true });
  }
  return name;
}

/** The libraries of a program, each at its own place. */
async function librariesOf(program: string): Promise<Record<string, string>> {
  const listed = await command('ldd', [program]);
  const paths = [...listed.matchAll(/(\/\S+) \(0x/g)].map(([, path = '']) => path);
  return Object.fromEntries(paths.map((path) => [path, path]));
}
