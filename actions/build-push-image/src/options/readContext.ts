import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { InputProblem, type InputReader } from '../../../../shared/action/InputReader.ts';
import type { Runner } from '../../../../shared/action/Runner.ts';

/** What BuildKit fetches itself: a git repository or an archive. */
export function isAddress(context: string): boolean {
  return /^(https?|git|ssh):\/\/|^git@/.test(context);
}

/**
 * The repository at the commit of this run, as BuildKit fetches it: `{{defaultContext}}` of
 * docker/build-push-action, which takes it where we take the checkout.
 */
export function gitContext(env: Runner['env']): string {
  const {
    GITHUB_SERVER_URL = 'https://github.com',
    GITHUB_REPOSITORY,
    GITHUB_REF,
    GITHUB_SHA,
  } = env;
  const pull = /^refs\/(pull\/.*)$/.exec(GITHUB_REF ?? '')?.[1];
  return `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}.git#${pull === undefined ? GITHUB_SHA : `refs/${pull}`}`;
}

/** Puts {@link gitContext} where `{{defaultContext}}` stands, as in docker/build-push-action. */
export function expandContext(given: string, env: Runner['env']): string {
  return given.replace(/\{\{\s*defaultContext\s*\}\}/g, gitContext(env));
}

/** Reads `context`: a folder of the workspace, or an address. */
export async function readContext(reader: InputReader, env: Runner['env']): Promise<string> {
  return reader.required('context', async (given) => {
    const context = expandContext(given.trim(), env);
    if (isAddress(context)) return context;
    const folder = resolve(env.GITHUB_WORKSPACE ?? '.', context);
    const found = await stat(folder).catch(() => undefined);
    if (found?.isDirectory()) return folder;
    throw new InputProblem(
      found === undefined ? 'is not there' : 'is not a folder',
      'Write a folder relative to the workspace, and check the code out in an earlier step.',
    );
  });
}
