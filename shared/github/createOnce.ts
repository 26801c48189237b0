import { Failure } from '../failure/Failure.ts';
import { askGitHub, type GitHubAnswer, sleep } from './askGitHub.ts';
import type { GitHub } from './GitHub.ts';

const tries = 3;

/**
 * Creates something exactly once. When the answer is lost nobody knows whether it was created, so it is
 * looked up before it is tried again.
 *
 * @param find what was created, if it was
 */
export async function createOnce<Found>(
  github: GitHub,
  request: { readonly path: string; readonly body: unknown },
  find: () => Promise<Found | undefined>,
): Promise<GitHubAnswer | { readonly found: Found }> {
  for (let attempt = 1; ; attempt++) {
    const answer = await askGitHub(github, { method: 'POST', ...request }).catch(
      (error: unknown) => {
        if (attempt < tries && error instanceof Failure) return undefined;
        throw error;
      },
    );
    if (answer !== undefined && (answer.status < 500 || attempt >= tries)) return answer;
    github.log.info(`The answer to POST ${request.path} was lost: looking whether it was done.`);
    // GitHub's lists are a moment behind.
    await sleep(github, 2000 * attempt);
    const found = await find();
    if (found !== undefined) return { found };
  }
}
