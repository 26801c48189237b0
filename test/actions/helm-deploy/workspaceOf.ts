import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A workspace with these files, by path; objects become JSON, which is YAML. */
export function workspaceOf(
  files: Readonly<Record<string, string | object>>,
): Disposable & { readonly path: string } {
  const path = mkdtempSync(join(tmpdir(), 'helm-source-'));
  for (const [name, content] of Object.entries(files)) {
    const file = join(path, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  }
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true }) };
}
