import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { root } from './actions.ts';
import { schemaFiles } from './schemaFiles.ts';

// `npm run schemas` writes the published schemas from those by which we read; `npm run format` then
// lays them out.
for (const [file, text] of schemaFiles()) {
  const path = join(root, file);
  const present = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
  if (isDeepStrictEqual(present, JSON.parse(text))) continue;
  writeFileSync(path, text);
  console.log(`written: ${file}`);
}
