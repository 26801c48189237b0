import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../failure/Failure.ts';
import { oneLine } from '../log/oneLine.ts';
import { type KubeApi, KubeProblem } from './KubeApi.ts';
import { forControllersMs } from './Patience.ts';

const pauseMs = 250;

/** As often as somebody else may change it meanwhile. */
const mostTries = 5;

interface Account {
  readonly imagePullSecrets?: readonly { readonly name?: string }[];
}

/**
 * Lets the pods of a service account pull by a secret, unless they do; its other secrets stay. No kind
 * of patch adds to that list without dropping what somebody else has added, so that it is replaced.
 *
 * @returns whether it was changed
 * @throws {Failure} when there is no such account, or it may not be changed
 */
export async function letPull(
  api: Pick<KubeApi, 'get' | 'replace'>,
  namespace: string,
  account: string,
  secret: string,
  signal?: AbortSignal,
): Promise<boolean> {
  const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${account}`;
  for (let tries = 1; ; tries++) {
    try {
      const present = await read(api, path, signal);
      const { imagePullSecrets = [] } = present;
      if (imagePullSecrets.some(({ name }) => name === secret)) return false;
      const secrets = [...imagePullSecrets, { name: secret }];
      await api.replace(path, { ...present, imagePullSecrets: secrets });
      return true;
    } catch (error) {
      if (!(error instanceof KubeProblem)) throw error;
      if (error.code !== 409 || tries === mostTries)
        throw refused(error, namespace, account, secret);
    }
  }
}

function refused(
  problem: KubeProblem,
  namespace: string,
  account: string,
  secret: string,
): Failure {
  const missing = problem.code === 404;
  return new Failure({
    what: `Service account ${account} in namespace ${namespace} ${missing ? 'is not there' : `cannot get the pull secret ${secret}`}.`,
    why: missing ? undefined : oneLine(problem.message, 300),
    remedy: missing
      ? `Correct \`pull-service-accounts\`; an account that the chart itself makes gets \`imagePullSecrets: [{name: ${secret}}]\` in the chart.`
      : 'Let the user of the cluster get and update ServiceAccounts there.',
    cause: problem,
  });
}

/** A namespace's own account comes a moment after it. */
async function read(
  api: Pick<KubeApi, 'get'>,
  path: string,
  signal: AbortSignal | undefined,
): Promise<Account> {
  const until = performance.now() + forControllersMs;
  for (;;) {
    try {
      return await api.get<Account>(path);
    } catch (error) {
      const mayCome = error instanceof KubeProblem && error.code === 404;
      if (!mayCome || !path.endsWith('/default') || performance.now() > until) throw error;
      await sleep(pauseMs, undefined, { signal }).catch(() => signal?.throwIfAborted());
    }
  }
}
