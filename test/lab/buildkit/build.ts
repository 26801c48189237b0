import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { command } from '../command.ts';
import type { LabContext } from '../Part.ts';
import { buildkitAddress } from './buildkit.ts';

export interface Build {
  /** The folder with the Dockerfile. */
  readonly context: string;
  /** Where the image is pushed to, as `registry/repository:tag`. */
  readonly tag: string;
  readonly args?: readonly string[];
  /** Such as DOCKER_CONFIG with a login. */
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Builds and pushes by buildx and the lab's BuildKit, with a buildx configuration of its own.
 *
 * @returns the digest of what was pushed
 * @throws {Failure} with buildx's last words
 */
export async function build(
  lab: LabContext,
  { context, tag, args = [], env = {} }: Build,
): Promise<string> {
  const buildx = await lab.program('buildx');
  const own = await mkdtemp(join(tmpdir(), 'buildx-'));
  const metadata = join(own, 'metadata.json');
  const withConfig = { env: { ...env, BUILDX_CONFIG: own } };
  try {
    await command(
      buildx,
      ['create', '--name', 'lab', '--driver', 'remote', buildkitAddress(lab)],
      withConfig,
    );
    await command(
      buildx,
      [
        ...['build', '--builder', 'lab', '--provenance=false', '--push', '--tag', tag],
        ...['--metadata-file', metadata, ...args, context],
      ],
      withConfig,
    );
    const written = JSON.parse(await readFile(metadata, 'utf8')) as Record<string, string>;
    return written['containerimage.digest'] ?? '';
  } finally {
    await rm(own, { recursive: true });
  }
}
