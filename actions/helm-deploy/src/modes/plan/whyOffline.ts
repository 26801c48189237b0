import { at, readPayload, textAt } from '../../../../../shared/action/payload.ts';
import type { Runner } from '../../../../../shared/action/Runner.ts';
import { findKubeconfig } from '../../../../../shared/kube/findKubeconfig.ts';
import type { Inputs } from '../../inputs.ts';

/**
 * Why a plan is made without a cluster: pull requests of forks and of Dependabot have no secrets, and so
 * no kubeconfig.
 *
 * @returns `undefined` where there is a cluster, or should be
 */
export async function whyOffline(
  { kubeconfig }: Pick<Inputs, 'kubeconfig'>,
  env: Runner['env'],
): Promise<string | undefined> {
  if (
    kubeconfig !== undefined ||
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
