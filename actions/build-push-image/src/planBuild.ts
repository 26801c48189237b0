import type { Runner } from '../../../shared/action/Runner.ts';
import type { BuildPlan } from './buildArguments.ts';
import type { Inputs } from './inputs.ts';

/** What the builder is asked for; the caches are planned by themselves. */
export function planBuild(
  { build, metadata, push, pushTimeoutMs, event }: Inputs,
  { env }: Runner,
): BuildPlan {
  const { 'cache-from': _, 'cache-to': __, ...passedOn } = build.passedOn;
  return {
    build: { ...build, passedOn },
    metadata,
    push,
    pushTimeoutMs,
    // Whatever is attested in full can be read by whoever may read the image.
    visibility: event.repository.visibility === 'public' ? 'public' : 'private',
    builderId: builderId(env),
  };
}

/** The workflow run, as provenance names it. */
export function builderId(env: Runner['env']): string | undefined {
  const { GITHUB_SERVER_URL, GITHUB_REPOSITORY, GITHUB_RUN_ID, GITHUB_RUN_ATTEMPT } = env;
  if (!GITHUB_REPOSITORY || !GITHUB_RUN_ID) return undefined;
  const attempt = GITHUB_RUN_ATTEMPT ? `/attempts/${GITHUB_RUN_ATTEMPT}` : '';
  return `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}/actions/runs/${GITHUB_RUN_ID}${attempt}`;
}
