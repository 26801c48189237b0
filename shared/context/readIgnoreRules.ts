import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type IgnoreRules, ignoreRules } from './ignoreRules.ts';

/** `<Dockerfile>.dockerignore` beside the Dockerfile, even an empty one, else the context's own. */
export async function readIgnoreRules(
  context: string,
  dockerfile: string | undefined,
): Promise<IgnoreRules> {
  const own = dockerfile && (await readIfThere(`${dockerfile}.dockerignore`));
  return ignoreRules(own ?? (await readIfThere(join(context, '.dockerignore'))) ?? '');
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
