import type { Runner } from '../../../../../shared/action/Runner.ts';
import { readRelease } from '../../../../../shared/helm/readRelease.ts';
import { deploy } from '../../deploy.ts';
import { historyOf } from '../../historyOf.ts';
import type { Inputs } from '../../inputs.ts';
import { openCluster } from '../../openCluster.ts';
import { conclude } from '../conclude.ts';
import { chooseRevision } from './chooseRevision.ts';

/** Goes back to a revision: watched, diagnosed and undone as any other rollout is. */
export async function runRollback(inputs: Inputs, runner: Runner): Promise<void> {
  const { release, namespace, timeoutMs, settleMs, concurrency, githubToken } = inputs;
  const cluster = await openCluster(inputs, runner);
  const history = await historyOf(inputs, cluster, runner);
  const rollbackTo = await chooseRevision(history, inputs, (revision) =>
    readRelease(cluster.api, { release, namespace, revision }),
  );
  const present = history.at(-1);
  runner.log.info(
    `${release} goes back to revision ${rollbackTo}; the last one is ${present?.revision} (${present?.status}).`,
  );
  const result = await deploy(
    {
      ...{ release, namespace, timeoutMs, settleMs, rollbackTo },
      ...{ createNamespace: false, chart: '', valueFiles: [], images: [] },
      // It was admitted once, and is applied as it is kept.
      preflight: 'off',
      lock: { concurrency, githubToken },
    },
    cluster,
    runner,
  );
  await conclude({ ...inputs, images: [] }, result, runner);
}
