import { at, readPayload } from '../../../../../shared/action/payload.ts';
import type { Runner } from '../../../../../shared/action/Runner.ts';
import { Failure } from '../../../../../shared/failure/Failure.ts';
import { upsertComment } from '../../../../../shared/github/upsertComment.ts';
import { httpClient } from '../../../../../shared/http/request.ts';
import type { Inputs } from '../../inputs.ts';

/**
 * Writes the plan into the pull request, one comment a release, which later runs update. That it cannot be
 * written fails nothing: it is a warning.
 *
 * @param body Markdown of ours
 */
export async function commentOn(
  body: string,
  { release, namespace, githubToken: token = '' }: Inputs,
  { env, log, signal }: Runner,
): Promise<void> {
  const number = at(await readPayload(env.GITHUB_EVENT_PATH), 'pull_request', 'number');
  if (typeof number !== 'number') {
    log.info('There is no comment: this run is of no pull request.');
    return;
  }
  const { GITHUB_SERVER_URL, GITHUB_REPOSITORY: repository = '', GITHUB_RUN_ID } = env;
  const url = `${GITHUB_SERVER_URL}/${repository}/actions/runs/${GITHUB_RUN_ID}`;
  const github = {
    ...{ http: httpClient({ env, log }), token, repository, log, signal },
    apiUrl: env.GITHUB_API_URL ?? 'https://api.github.com',
  };
  const key = `helm-deploy plan ${namespace}/${release}`;
  const text = `${body}\n\n[The run](${url})`;
  try {
    await upsertComment(github, { number, key, body: text });
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof Failure)) throw error;
    log.warning(`The pull request got no comment. ${error.message}`);
  }
}
