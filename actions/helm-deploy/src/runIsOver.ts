import type { Runner } from '../../../shared/action/Runner.ts';
import { runOf } from './holder.ts';
import type { Lock } from './Lock.ts';

/**
 * Asks GitHub whether the run that holds a release is over, so that nobody has to wait until its lease
 * ends.
 *
 * @returns `false` as well when it cannot be told: then the lease does
 */
export async function runIsOver(
  holder: string,
  { githubToken: token }: Lock,
  { env, log, signal }: Pick<Runner, 'env' | 'log' | 'signal'>,
): Promise<boolean> {
  const run = runOf(holder);
  const { GITHUB_API_URL: apiUrl, GITHUB_REPOSITORY } = env;
  // The job's token reads its own repository only.
  if (!token || !apiUrl || run === undefined || run.repository !== GITHUB_REPOSITORY) return false;
  const { httpClient } = await import('../../../shared/http/request.ts');
  const { isRunOver } = await import('../../../shared/github/isRunOver.ts');
  const { repository } = run;
  const http = httpClient({ env, log });
  return (await isRunOver({ http, apiUrl, token, repository, log, signal }, run)) === true;
}
