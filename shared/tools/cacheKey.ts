import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LockedTool, ToolLock } from './lock.ts';

/**
 * What a cached program depends on: its entry in the lock file, the module sums that it is built
 * with, and the processor. A change of any of them leads to another folder of the cache.
 */
export function cacheKey(tool: LockedTool, lock: ToolLock): string {
  const hash = createHash('sha256');
  hash.update(JSON.stringify(tool)).update(process.platform).update(process.arch);
  if (tool.go) {
    for (const file of ['go.mod', 'go.sum']) {
      const path = join(lock.folder, tool.go.module, file);
      if (existsSync(path)) hash.update(readFileSync(path));
    }
  }
  return hash.digest('hex').slice(0, 12);
}
