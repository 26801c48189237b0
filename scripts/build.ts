import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './actions.ts';
import { bundle } from './bundle.ts';

const dist = join(root, 'dist');
rmSync(dist, { recursive: true, force: true });
await bundle(dist);
