import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build as esbuild } from 'esbuild';
import { build as rolldown } from 'rolldown';
import { actionNames, root } from '../../scripts/actions.ts';
import { median } from './median.ts';

export interface Bundled {
  readonly bundler: string;
  /** Of all files together. */
  readonly bytes: number;
  readonly gzipped: number;
  /** Median of the entries' starts until the first input error. */
  readonly startMs: number;
  readonly buildMs: number;
}

const rounds = 15;

/**
 * The same entries by both bundlers, with what each does by itself (no plug-ins of ours): the figures
 * behind the choice in scripts/bundle.ts.
 */
export async function compareBundlers(): Promise<Bundled[]> {
  const entries = actionNames().map((name) => [name, join(root, 'actions', name, 'src/index.ts')]);
  const byEsbuild = (outdir: string) =>
    esbuild({
      entryPoints: entries.map(([out = '', from = '']) => ({ out, in: from })),
      outdir,
      bundle: true,
      splitting: true,
      minify: true,
      format: 'esm',
      platform: 'node',
      target: 'node24',
      legalComments: 'none',
      banner: {
        js: "import{createRequire as _createRequire}from'node:module';const require=_createRequire(import.meta.url);",
      },
      logLevel: 'error',
    });
  const byRolldown = (dir: string) =>
    rolldown({
      input: Object.fromEntries(entries),
      platform: 'node',
      output: { dir, format: 'esm', minify: true, comments: { legal: false } },
      logLevel: 'silent',
    });
  const results: Bundled[] = [];
  for (const [bundler, bundle] of [
    ['esbuild', byEsbuild],
    ['rolldown', byRolldown],
  ] as const) {
    const folder = mkdtempSync(join(tmpdir(), 'bundle-'));
    try {
      writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
      const started = performance.now();
      await bundle(join(folder, 'dist'));
      const buildMs = performance.now() - started;
      results.push({ bundler, buildMs, ...sizes(folder), startMs: starts(folder) });
    } finally {
      rmSync(folder, { recursive: true });
    }
  }
  return results;
}

function sizes(folder: string): Pick<Bundled, 'bytes' | 'gzipped'> {
  const files = readdirSync(join(folder, 'dist'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name)));
  return {
    bytes: files.reduce((sum, file) => sum + file.length, 0),
    gzipped: files.reduce((sum, file) => sum + gzipSync(file, { level: 9 }).length, 0),
  };
}

function starts(folder: string): number {
  const times: number[] = [];
  for (let round = -2; round < rounds; round++) {
    for (const name of actionNames()) {
      const started = performance.now();
      spawnSync(process.execPath, [join(folder, 'dist', `${name}.js`)], {
        env: { PATH: process.env.PATH },
        stdio: 'ignore',
      });
      if (round >= 0) times.push(performance.now() - started);
    }
  }
  return median(times);
}
