import type { Runner } from '../../../shared/action/Runner.ts';
import type { UpgradePlan } from '../../../shared/helm/arguments.ts';
import { markFailed } from '../../../shared/helm/markFailed.ts';
import { oneLine } from '../../../shared/log/oneLine.ts';
import type { Cluster } from './openCluster.ts';

/**
 * Marks a revision whose Helm was killed, so that the history has no `pending-*` for ever. The release
 * is good without it, too.
 */
export async function markEnded(
  revision: number,
  good: number,
  { release, namespace }: Pick<UpgradePlan, 'release' | 'namespace'>,
  { api }: Pick<Cluster, 'api'>,
  { log }: Pick<Runner, 'log'>,
): Promise<void> {
  const said = `Its Helm was killed; revision ${good} was brought back`;
  await markFailed(api, { release, namespace, revision }, said).catch((error: unknown) => {
    log.info(`Revision ${revision} stays pending in the history: ${oneLine(String(error))}`);
  });
}
