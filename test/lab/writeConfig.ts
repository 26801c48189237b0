import { existsSync, readFileSync, writeFileSync } from 'node:fs';

/** Writes a configuration file, unless it says so already: kube-proxy ends when its file is touched. */
export function writeConfig(path: string, content: string): void {
  if (existsSync(path) && readFileSync(path, 'utf8') === content) return;
  writeFileSync(path, content, { mode: 0o600 });
}
