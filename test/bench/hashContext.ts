import { randomFillSync } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hashContext } from '../../actions/build-push-image/src/unchanged/hashContext.ts';
import { ignoreRules } from '../../shared/context/ignoreRules.ts';
import { listContext } from '../../shared/context/listContext.ts';
import { median } from './median.ts';

export interface HashedContext {
  readonly files: number;
  readonly bytes: number;
  /** Listing and hashing, the median of the rounds; the files come from the system's cache. */
  readonly seconds: number;
  readonly bytesPerSecond: number;
  /** By how much this process grew at most while it hashed. */
  readonly peakMemory: number;
}

/** How fast a context is listed and hashed, with rules as people have them. */
export async function measureHashContext({
  files = 20_000,
  bytes = 500_000_000,
  rounds = 3,
} = {}): Promise<HashedContext> {
  const root = mkdtempSync(join(tmpdir(), 'context-'));
  try {
    fill(root, files, Math.floor(bytes / files));
    const rules = ignoreRules('.git\n**/node_modules\n**/*.log\n!keep.log\n');
    const times: number[] = [];
    const before = process.memoryUsage.rss();
    let peakMemory = 0;
    for (let round = 0; round < rounds; round++) {
      const watch = setInterval(() => {
        peakMemory = Math.max(peakMemory, process.memoryUsage.rss() - before);
      }, 5);
      const started = performance.now();
      await hashContext(root, await listContext(root, rules));
      times.push((performance.now() - started) / 1000);
      clearInterval(watch);
    }
    const seconds = median(times);
    return { files, bytes, seconds, bytesPerSecond: bytes / seconds, peakMemory };
  } finally {
    rmSync(root, { recursive: true });
  }
}

function fill(root: string, files: number, size: number): void {
  const content = Buffer.alloc(size);
  for (let index = 0; index < files; index++) {
    const folder = join(root, `folder-${index % 200}`);
    if (index < 200) mkdirSync(folder);
    writeFileSync(join(folder, `file-${index}`), randomFillSync(content));
  }
}
