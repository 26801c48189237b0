import { hash } from 'node:crypto';
import type { Runner } from '../../../../shared/action/Runner.ts';
import { Failure } from '../../../../shared/failure/Failure.ts';
import type { GitHub } from '../../../../shared/github/GitHub.ts';
import { openDeployment } from '../../../../shared/github/openDeployment.ts';
import {
  type DeploymentStatus,
  setDeploymentStatus,
} from '../../../../shared/github/setDeploymentStatus.ts';
import { httpClient } from '../../../../shared/http/request.ts';
import type { KubeApi } from '../../../../shared/kube/KubeApi.ts';
import { oneLine } from '../../../../shared/log/oneLine.ts';
import type { PinnedReference } from '../../../../shared/oci/Reference.ts';
import type { Result } from '../deploy.ts';
import type { Inputs } from '../inputs.ts';
import { deployedImages } from './pinnedImages.ts';
import { runFacts } from './runFacts.ts';

/** A deployment that GitHub was told of. */
export interface Tracked {
  /** Tells what became of it. */
  finish(result: Pick<Result, 'failure' | 'status' | 'url'>): Promise<void>;
  /** Tells that it ended without a result: it was cancelled, or could not begin. */
  abandon(): Promise<void>;
}

/** A step that is cancelled has seconds to end. */
const lastWordMs = 1500;
/** GitHub's payload is no place for more. */
const mostImages = 200;

/** By what this cluster is told from another, without its address. */
export function clusterKey({ server }: Pick<KubeApi, 'server'>): string {
  return hash('sha256', server).slice(0, 12);
}

/** Speaks to GitHub about the repository of this run; `undefined` when nobody asked for it. */
export function gitHubOf(
  { environment, githubToken: token }: Pick<Inputs, 'environment' | 'githubToken'>,
  { env, log, signal }: Pick<Runner, 'env' | 'log' | 'signal'>,
): GitHub | undefined {
  if (environment === undefined || token === undefined) return undefined;
  return {
    ...{ http: httpClient({ env, log }), token, log, signal },
    repository: env.GITHUB_REPOSITORY ?? '',
    apiUrl: env.GITHUB_API_URL ?? 'https://api.github.com',
  };
}

/**
 * Tells GitHub that the release is being deployed, by a deployment to the environment. That it cannot be
 * told is a warning: no deploy fails for it.
 */
export async function trackDeployment(
  inputs: Pick<Inputs, 'environment' | 'githubToken' | 'release' | 'namespace'>,
  images: readonly PinnedReference[],
  api: Pick<KubeApi, 'server'>,
  runner: Pick<Runner, 'env' | 'log' | 'signal'>,
): Promise<Tracked | undefined> {
  const { environment, release, namespace } = inputs;
  const { env, signal } = runner;
  const github = gitHubOf(inputs, runner);
  if (environment === undefined) return undefined;
  if (github === undefined) {
    runner.log.warning('GitHub is not told of the deployment: there is no `github-token`.');
    return undefined;
  }
  const logUrl = runFacts(runner).url;
  const key = [
    env.GITHUB_RUN_ID,
    env.GITHUB_JOB,
    env.GITHUB_ACTION,
    clusterKey(api),
    namespace,
    release,
  ];
  const id = await orWarn(runner, () =>
    openDeployment(github, {
      ...{ environment, sha: env.GITHUB_SHA ?? '', key: key.join('/') },
      images: deployedImages(images.slice(0, mostImages)),
      description: `Release ${release} in namespace ${namespace}`,
    }),
  );
  if (id === undefined) return undefined;
  const tell = (status: Omit<DeploymentStatus, 'logUrl'>, by: GitHub = github) =>
    orWarn(runner, () => setDeploymentStatus(by, id, { ...status, logUrl }));
  await tell({ state: 'in_progress', description: `Release ${release} is being deployed` });
  return {
    finish: async ({ failure, status, url }) => {
      await tell(
        failure === undefined
          ? { state: 'success', description: `Release ${release} is ready`, environmentUrl: url }
          : { state: 'failure', description: `${status}: ${failure.what}` },
      );
    },
    abandon: async () => {
      const last = { ...github, signal: AbortSignal.timeout(lastWordMs) };
      const description = signal.aborted ? 'The step was cancelled' : 'The deploy did not begin';
      await tell({ state: 'error', description }, last);
    },
  };
}

async function orWarn<T>(
  { log, signal }: Pick<Runner, 'log' | 'signal'>,
  work: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    // A step that is cancelled says its last word to whoever still hears it.
    if (signal.aborted) return undefined;
    if (!(error instanceof Failure)) throw error;
    log.warning(`GitHub is not told of the deployment. ${oneLine(error.message, 500)}`);
    return undefined;
  }
}
