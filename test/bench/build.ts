import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startAction } from '../actions/startAction.ts';
import { addresses } from '../lab/addresses.ts';
import { buildkitAddress } from '../lab/buildkit/buildkit.ts';
import { command } from '../lab/command.ts';
import type { LabContext } from '../lab/Part.ts';
import { median } from './median.ts';

export interface BuildFigures {
  /** A build that changed, with its push: seconds by our action and by buildx alone. */
  readonly action: number;
  readonly buildx: number;
  /** The same again, with nothing changed: seconds, of a context of 1,000 files. */
  readonly unchanged: number;
}

const rounds = 7;
/** By the registry's own name, since only the builder knows the mirror of Docker Hub. */
const dockerfile = `FROM ${addresses.registry}/library/busybox:1.36\nCOPY . /app\nRUN sleep 1 && cat /app/changed > /seen\n`;

/** Our action beside `buildx build --push`, on the same builder and registry, in turns. */
export async function measureBuild(lab: LabContext): Promise<BuildFigures> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-build-'));
  try {
    const context = join(folder, 'context');
    mkdirSync(context);
    writeFileSync(join(context, 'Dockerfile'), dockerfile);
    for (let file = 0; file < 1000; file++) {
      writeFileSync(join(context, `file-${file}`), randomBytes(500));
    }
    const image = `${addresses.registry}/bench/${randomBytes(4).toString('hex')}`;
    const buildx = await lab.program('buildx');
    const env = { BUILDX_CONFIG: join(folder, 'buildx') };
    await command(
      buildx,
      ['create', '--name', 'bench', '--driver', 'remote', buildkitAddress(lab)],
      { env },
    );
    const change = () => writeFileSync(join(context, 'changed'), randomBytes(8).toString('hex'));
    const byAction = async () => {
      const step = await startAction('build-push-image', {
        workspace: context,
        inputs: { image, tags: 'latest', builder: buildkitAddress(lab) },
      });
      if (step.exitCode !== 0) throw new Error(step.log);
      return step.outputs.built;
    };
    const byBuildx = () =>
      command(
        buildx,
        [
          ...['build', '--builder', 'bench', '--tag', `${image}-bare:latest`, '--push'],
          ...['--metadata-file', join(folder, 'metadata.json'), context],
        ],
        { env },
      );
    const times = { action: [] as number[], buildx: [] as number[], unchanged: [] as number[] };
    for (let round = -1; round < rounds; round++) {
      change();
      const action = await seconds(byAction);
      const unchanged = await seconds(async () => {
        if ((await byAction()) !== 'false') throw new Error('The unchanged image was built again.');
      });
      change();
      const bare = await seconds(byBuildx);
      if (round < 0) continue;
      times.action.push(action);
      times.unchanged.push(unchanged);
      times.buildx.push(bare);
    }
    return {
      action: median(times.action),
      buildx: median(times.buildx),
      unchanged: median(times.unchanged),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}
