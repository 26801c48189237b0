import { at, readPayload, textAt } from '../../../../../shared/action/payload.ts';
import type { Runner } from '../../../../../shared/action/Runner.ts';
import { findKubeconfig } from '../../../../../shared/kube/findKubeconfig.ts';
import type { Inputs } from '../../inputs.ts';

/**
 * Why a plan is made without a cluster: pull requests of forks and of Dependabot have no secrets and
 * no identity, and so no way to a cluster.
 *
 * @returns `undefined` where there is a cluster, or should be
 */
export async function whyOffline(
  { cluster: { kubeconfig, aks, identity } }: Pick<Inputs, 'cluster'>,
  env: Runner['env'],
): Promise<string | undefined> {
  const maySpeak = identity?.by !== 'oidc' || env.ACTIONS_ID_TOKEN_REQUEST_URL !== undefined;
  if (
    kubeconfig !== undefined ||
    (aks !== undefined && maySpeak) ||
    env.KUBERNETES_SERVICE_HOST ||
    findKubeconfig(env) !== undefined
  ) {
    return undefined;
  }
  if (env.GITHUB_ACTOR === 'dependabot[bot]') return 'pull requests of Dependabot';
  const payload = await readPayload(env.GITHUB_EVENT_PATH);
  const head = at(payload, 'pull_request', 'head');
  if (head === undefined) return undefined;
  const isFork = textAt(head, 'repo', 'full_name') !== textAt(payload, 'repository', 'full_name');
  return isFork ? 'pull requests of forks' : undefined;
}
