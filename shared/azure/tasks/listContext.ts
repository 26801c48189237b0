import { existsSync } from 'node:fs';
import { basename, relative } from 'node:path';
import { listContext as list } from '../../context/listContext.ts';
import { readIgnoreRules } from '../../context/readIgnoreRules.ts';

export interface ContextFiles {
  /** Relative to the context, with `/`, parents before what they hold; folders included. */
  readonly paths: readonly string[];
  /** Of the context, or `undefined` when the Dockerfile lies outside of it. */
  readonly dockerfile: string | undefined;
}

/**
 * Lists what a build may see of its context: `.dockerignore` is honoured as BuildKit does it,
 * `<Dockerfile>.dockerignore` beside the Dockerfile before it. The Dockerfile itself always goes along.
 *
 * @param dockerfile an absolute path, as is `context`
 * @throws {NotListable} when something is there that is neither file, folder nor link
 */
export async function listContext(context: string, dockerfile: string): Promise<ContextFiles> {
  const inside = relative(context, dockerfile).replaceAll('\\', '/');
  const own = inside.startsWith('../') ? undefined : inside;
  const entries = await list(context, await readIgnoreRules(context, dockerfile));
  const paths = new Set(entries.map(({ path }) => path));
  for (const path of own === undefined ? [] : [...parentsOf(own), own]) paths.add(path);
  // The builder at the other end would apply the general file where the special one is meant.
  if (existsSync(`${dockerfile}.dockerignore`)) paths.delete('.dockerignore');
  // In one order on every machine, so that the same context makes the same archive.
  return { paths: [...paths].sort((a, b) => (a < b ? -1 : 1)), dockerfile: own };
}

/** `a/b/c` → `a`, `a/b`. */
function parentsOf(path: string): string[] {
  return [...path.matchAll(/\//g)].map(({ index }) => path.slice(0, index));
}

/** A name for the Dockerfile that no file of the context has. */
export function nameOutside(dockerfile: string, taken: readonly string[]): string {
  const names = new Set(taken);
  for (let count = 0; ; count++) {
    // In an ignore file it has to mean nothing but itself.
    const plain = basename(dockerfile).replace(/[^\w.-]/g, '-');
    const name = `.${count === 0 ? '' : `${count}.`}outside.${plain}`;
    if (!names.has(name)) return name;
  }
}
