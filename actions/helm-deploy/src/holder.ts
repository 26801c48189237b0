import { randomUUID } from 'node:crypto';
import type { Runner } from '../../../shared/action/Runner.ts';
import type { RunAttempt } from '../../../shared/github/isRunOver.ts';

/** Who we are, unique to this step of this attempt. */
export function holderOf(env: Runner['env'], unique: string = randomUUID()): string {
  const { GITHUB_REPOSITORY, GITHUB_RUN_ID, GITHUB_RUN_ATTEMPT, GITHUB_JOB, GITHUB_ACTION } = env;
  const parts = [
    GITHUB_REPOSITORY,
    `run ${GITHUB_RUN_ID}.${GITHUB_RUN_ATTEMPT}`,
    GITHUB_JOB,
    GITHUB_ACTION,
    env.RUNNER_NAME && `on ${env.RUNNER_NAME}`,
  ];
  // Legs of a matrix, and runners in pods with the same pid, differ in nothing else.
  return `${parts.filter(Boolean).join(' ')} (${unique})`;
}

/** The run of a holder that a step of ours wrote; whoever writes another text has none. */
export function runOf(holder: string): (RunAttempt & { readonly repository: string }) | undefined {
  const [, repository, runId, attempt] =
    /^([\w.-]+\/[\w.-]+) run (\d+)\.(\d+) .*\([\w-]+\)$/.exec(holder) ?? [];
  if (repository === undefined || runId === undefined || attempt === undefined) return undefined;
  return { repository, runId, attempt };
}

/** Where a person finds the run of a holder. */
export function runAddress(
  holder: string,
  { GITHUB_SERVER_URL }: Runner['env'],
): string | undefined {
  const run = runOf(holder);
  if (run === undefined || GITHUB_SERVER_URL === undefined) return undefined;
  return `${GITHUB_SERVER_URL}/${run.repository}/actions/runs/${run.runId}/attempts/${run.attempt}`;
}
