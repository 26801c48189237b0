import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build as byEsbuild } from 'esbuild';
import { build as byRolldown, type InputOptions } from 'rolldown';
import { actionNames, root } from '../../scripts/actions.ts';
import { entries } from '../../scripts/bundle.ts';
import { mergeChunks } from '../../scripts/mergeChunks.ts';
import { median } from './median.ts';

export interface Bundled {
  readonly bundler: string;
  /** All files together, as tar.gz. */
  readonly packed: number;
  /** Median of the actions' starts until the first input error. */
  readonly startMs: number;
  readonly buildMs: number;
}

const rounds = 25;
const rolldownOptions: InputOptions = {
  input: entries(),
  platform: 'node',
  preserveEntrySignatures: false,
  logLevel: 'silent',
};
const rolldownOutput = { format: 'esm', minify: true, comments: false } as const;

const bundlers: Readonly<Record<string, (dir: string) => Promise<unknown>>> = {
  esbuild: (outdir) =>
    byEsbuild({
      entryPoints: entries(),
      outdir,
      bundle: true,
      splitting: true,
      minify: true,
      format: 'esm',
      platform: 'node',
      target: 'node24',
      legalComments: 'none',
      // CommonJS packages call `require`, which a module does not have.
      banner: {
        js: "import{createRequire as _createRequire}from'node:module';const require=_createRequire(import.meta.url);",
      },
      logLevel: 'error',
    }),
  rolldown: (dir) => byRolldown({ ...rolldownOptions, output: { ...rolldownOutput, dir } }),
  'rolldown, merged': async (dir) => {
    const codeSplitting = await mergeChunks(rolldownOptions);
    return byRolldown({ ...rolldownOptions, output: { ...rolldownOutput, dir, codeSplitting } });
  },
};

/**
 * The same entries by both bundlers, with what each does by itself, and as scripts/bundle.ts has them
 * merged; without our plug-ins, which only one of them could have.
 */
export async function compareBundlers(): Promise<Bundled[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bundlers-'));
  try {
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    const built: Omit<Bundled, 'startMs'>[] = [];
    for (const [bundler, bundle] of Object.entries(bundlers)) {
      const started = performance.now();
      await bundle(join(folder, bundler));
      const buildMs = performance.now() - started;
      const packed = execFileSync('tar', ['-cz', bundler], {
        cwd: folder,
        maxBuffer: 2 ** 26,
      }).length;
      built.push({ bundler, packed, buildMs });
    }
    const starts = measureStarts(built.map(({ bundler }) => join(folder, bundler)));
    return built.map((figures, index) => ({ ...figures, startMs: median(starts[index] ?? []) }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** In turns, so that a busy moment of the machine meets all of them. */
function measureStarts(folders: readonly string[]): number[][] {
  const times = folders.map((): number[] => []);
  for (let round = -2; round < rounds; round++) {
    for (const name of actionNames()) {
      for (const [index, folder] of folders.entries()) {
        const started = performance.now();
        spawnSync(process.execPath, [join(folder, `${name}.js`)], {
          cwd: root,
          env: { PATH: process.env.PATH },
          stdio: 'ignore',
        });
        // The first rounds fill the file system's cache.
        if (round >= 0) times[index]?.push(performance.now() - started);
      }
    }
  }
  return times;
}
