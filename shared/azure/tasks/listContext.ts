import { readdir, readFile } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
// The package's own default export hangs below `default` when it is loaded as CommonJS.
import dockerignore from '@balena/dockerignore';

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
 */
export async function listContext(context: string, dockerfile: string): Promise<ContextFiles> {
  const inside = relative(context, dockerfile).replaceAll('\\', '/');
  const own = inside.startsWith('../') ? undefined : inside;
  const { ignores, reincludes } = await readIgnore(context, dockerfile);
  const found = new Set<string>();

  async function walk(folder: string): Promise<void> {
    const entries = await readdir(join(context, folder), { withFileTypes: true });
    // In one order on every machine, so that the same context makes the same archive.
    entries.sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const entry of entries) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      const ignored = ignores(path) && path !== own;
      if (!ignored) {
        // An ignored folder comes along, with its mode, for what is wanted below it.
        for (const parent of parentsOf(path)) found.add(parent);
        found.add(path);
      }
      const holdsOwn = own?.startsWith(`${path}/`) ?? false;
      if (entry.isDirectory() && (!ignored || reincludes || holdsOwn)) await walk(path);
    }
  }
  await walk('');
  return { paths: [...found], dockerfile: own };
}

/** `a/b/c` → `a`, `a/b`. */
function parentsOf(path: string): string[] {
  return [...path.matchAll(/\//g)].map(({ index }) => path.slice(0, index));
}

async function readIgnore(context: string, dockerfile: string) {
  const specific = await readOrNothing(`${dockerfile}.dockerignore`);
  const rules = specific ?? (await readOrNothing(join(context, '.dockerignore'))) ?? '';
  // Docker compares case by case, which the package does only when told.
  const matcher = dockerignore.default({ ignorecase: false });
  matcher.add(rules.replace(/^\uFEFF/, ''));
  // The builder at the other end would apply the general file where the special one is meant.
  if (specific !== undefined) matcher.add('.dockerignore');
  return {
    ignores: (path: string) => matcher.ignores(path),
    /** Whether something inside of an ignored folder may be wanted nevertheless. */
    reincludes: /^\s*!/m.test(rules),
  };
}

async function readOrNothing(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** A name for the Dockerfile that no file of the context has. */
export function nameOutside(dockerfile: string, taken: readonly string[]): string {
  const names = new Set(taken);
  for (let count = 0; ; count++) {
    const name = `.${count === 0 ? '' : `${count}.`}outside.${basename(dockerfile)}`;
    if (!names.has(name)) return name;
  }
}
