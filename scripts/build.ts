import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './actions.ts';
import { bundle } from './bundle.ts';

// Made aside and then put in place, so that a test that runs meanwhile finds a whole dist/.
const [dist, fresh, old] = ['dist', 'out/dist.new', 'out/dist.old'].map((name) =>
  join(root, name),
) as [string, string, string];
rmSync(fresh, { recursive: true, force: true });
rmSync(old, { recursive: true, force: true });
await bundle(fresh);
try {
  renameSync(dist, old);
} catch (error) {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
}
renameSync(fresh, dist);
rmSync(old, { recursive: true, force: true });
