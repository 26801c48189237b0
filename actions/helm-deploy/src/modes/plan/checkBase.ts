import { Failure } from '../../../../../shared/failure/Failure.ts';
import type { Revision } from '../../../../../shared/helm/Helm.ts';
import type { DeployPlan } from '../../DeployPlan.ts';

/**
 * Makes sure, once the release is held, that nobody has deployed it since the saved plan was compared
 * with the cluster.
 *
 * @throws {Failure} when somebody has
 */
export function checkBase(
  history: readonly Revision[],
  { release, basedOn }: Pick<DeployPlan, 'release' | 'basedOn'>,
): void {
  const last = history.at(-1)?.revision ?? 0;
  if (basedOn === undefined || last === basedOn) return;
  throw new Failure({
    what: `Input plan-file: release ${release} is at revision ${last}, and the plan is of ${basedOn}.`,
    why: 'Another job has deployed it in this moment. Nothing was changed.',
    remedy: 'Make a new plan, and look at it.',
  });
}
