import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { root } from './actions.ts';
import { bundle } from './bundle.ts';

/** What is in `dist/` runs on every runner, so it has to be what the sources say: byte for byte. */
const fresh = mkdtempSync(join(tmpdir(), 'dist-'));
try {
  await bundle(fresh);
  const differing = [...new Set([...files(fresh), ...files(join(root, 'dist'))])].filter(
    (path) => read(join(fresh, path)) !== read(join(root, 'dist', path)),
  );
  if (differing.length > 0) {
    console.error(`dist/ is not what the sources make: ${differing.join(', ')}`);
    console.error('Run `npm run build` and commit dist/.');
    process.exitCode = 1;
  }
} finally {
  rmSync(fresh, { recursive: true });
}

function files(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return undefined;
  }
}
