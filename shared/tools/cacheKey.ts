import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LockedTool, ToolLock } from './lock.ts';

/**
 * What a cached program depends on: its entry in the lock file, the module that it is built
 * from with its sums, and the processor. A change of any of them leads to another folder of the cache.
 */
export function cacheKey(tool: LockedTool, lock: ToolLock): string {
  const hash = createHash('sha256');
  hash.update(JSON.stringify(tool)).update(process.platform).update(process.arch);
  if (tool.go) {
    const folder = join(lock.folder, tool.go.module);
    const files = existsSync(folder) ? readdirSync(folder).sort() : [];
    for (const file of files) hash.update(file).update(readFileSync(join(folder, file)));
  }
  return hash.digest('hex').slice(0, 12);
}
