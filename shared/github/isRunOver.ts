import { Failure } from '../failure/Failure.ts';
import { askGitHub } from './askGitHub.ts';
import type { GitHub } from './GitHub.ts';

/** One attempt of a workflow run. */
export interface RunAttempt {
  readonly runId: string;
  readonly attempt: string;
}

/**
 * Whether a run has come to its end, however: then nothing of it works any more.
 *
 * @returns `undefined` when GitHub does not tell (the token may not read runs, or there is no answer)
 */
export async function isRunOver(
  github: GitHub,
  { runId, attempt }: RunAttempt,
): Promise<boolean | undefined> {
  const path = `/repos/${github.repository}/actions/runs/${runId}/attempts/${attempt}`;
  try {
    const { status, body } = await askGitHub(github, { path, repeatable: false });
    if (status !== 200) return undefined;
    return (body as { readonly status?: string } | undefined)?.status === 'completed';
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return undefined;
  }
}
