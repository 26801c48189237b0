import { readdir } from 'node:fs/promises';
import { Failure } from '../failure/Failure.ts';
import { subjectOf, type Target } from './Target.ts';

/**
 * In an empty folder no secret is found, and nothing was looked at: a checkout was forgotten, most likely.
 *
 * @throws {Failure} for a folder with nothing in it
 */
export async function checkNotEmpty(target: Target): Promise<void> {
  const path = folderOf(target);
  if (path === undefined) return;
  // What is no folder, and what is not there, is for the scanner to say.
  const names = await readdir(path).catch(() => undefined);
  if (names?.some((name) => name !== '.git') ?? true) return;
  throw new Failure({
    what: `There is nothing in ${subjectOf(target)}: the folder is empty.`,
    remedy: 'Check the path, and that actions/checkout ran before this step.',
  });
}

function folderOf(target: Target): string | undefined {
  if (target.kind === 'filesystem' || target.kind === 'config') return target.path;
  return target.kind === 'repository' && target.at.startsWith('/') ? target.at : undefined;
}
