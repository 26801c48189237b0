import type { Runner } from '../../../../shared/action/Runner.ts';
import { Failure } from '../../../../shared/failure/Failure.ts';
import type { KubeApi } from '../../../../shared/kube/KubeApi.ts';
import type { DeployPlan } from '../DeployPlan.ts';
import { placePullSecret } from './placePullSecret.ts';

/**
 * Places the pull secret of a plan, if it has one.
 *
 * @returns why it cannot be placed
 */
export async function givePullSecret(
  { pullSecret, namespace }: Pick<DeployPlan, 'pullSecret' | 'namespace'>,
  api: KubeApi,
  runner: Pick<Runner, 'env' | 'log' | 'mask' | 'signal'>,
): Promise<Failure | undefined> {
  if (pullSecret === undefined) return undefined;
  try {
    await placePullSecret(pullSecret, api, namespace, runner);
    return undefined;
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
}
