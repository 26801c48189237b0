import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { StepOptions } from '../actions/startAction.ts';

export interface Loaded {
  readonly files: number;
  readonly bytes: number;
  readonly gzipped: number;
}

/**
 * What a step loads of dist/ while it really runs.
 *
 * @param run starts the step with what is added to its environment
 */
export async function measureLoaded(
  run: (env: NonNullable<StepOptions['env']>) => Promise<unknown>,
): Promise<Loaded> {
  const folder = mkdtempSync(join(tmpdir(), 'loaded-'));
  const trace = join(folder, 'files');
  try {
    await run({
      NODE_OPTIONS: `--import=${join(import.meta.dirname, 'traceLoaded.mjs')}`,
      TRACE_LOADED: trace,
    });
    const files = [...new Set(readFileSync(trace, 'utf8').trim().split('\n'))].map((file) =>
      readFileSync(file),
    );
    return {
      files: files.length,
      bytes: files.reduce((sum, file) => sum + file.length, 0),
      gzipped: files.reduce((sum, file) => sum + gzipSync(file, { level: 9 }).length, 0),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
