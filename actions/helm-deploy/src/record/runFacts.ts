import type { Runner } from '../../../../shared/action/Runner.ts';
import type { RunFacts } from './ReleaseFacts.ts';

/** Which run this is, as the runner says; on another machine most of it is empty. */
export function runFacts({ env }: Pick<Runner, 'env'>): RunFacts {
  const repository = env.GITHUB_REPOSITORY ?? '';
  const attempt = env.GITHUB_RUN_ATTEMPT ?? '';
  const server = env.GITHUB_SERVER_URL || 'https://github.com';
  return {
    ...{ repository, attempt },
    commit: env.GITHUB_SHA ?? '',
    ref: env.GITHUB_REF ?? '',
    workflow: env.GITHUB_WORKFLOW_REF ?? '',
    url: `${server}/${repository}/actions/runs/${env.GITHUB_RUN_ID ?? ''}/attempts/${attempt}`,
    // Who started this attempt, who need not be who began the run.
    actor: env.GITHUB_TRIGGERING_ACTOR || env.GITHUB_ACTOR || '',
  };
}
