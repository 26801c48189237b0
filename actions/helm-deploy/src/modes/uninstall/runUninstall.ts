import type { Runner } from '../../../../../shared/action/Runner.ts';
import { Failure } from '../../../../../shared/failure/Failure.ts';
import { explainHelmError } from '../../../../../shared/helm/explainHelmError.ts';
import { oneLine } from '../../../../../shared/log/oneLine.ts';
import { blocks, code, md } from '../../../../../shared/report/Markdown.ts';
import { table } from '../../../../../shared/report/table.ts';
import { forgetRecord } from '../../forgetRecord.ts';
import { historyOf } from '../../historyOf.ts';
import { holdRelease } from '../../holdRelease.ts';
import type { Inputs } from '../../inputs.ts';
import { type Cluster, openCluster } from '../../openCluster.ts';
import { goBack } from '../../undo.ts';
import { findLeft } from './findLeft.ts';
import { findOwn, type Own } from './findOwn.ts';
import { type Kept, whatStays } from './whatStays.ts';

/** Removes a release, waits until its objects are gone, and says what stays and why. */
export async function runUninstall(inputs: Inputs, runner: Runner): Promise<void> {
  const { release, namespace } = inputs;
  const cluster = await openCluster(inputs, runner);
  const lease = await holdRelease(cluster.api, { ...planOf(inputs) }, runner);
  try {
    const last = (await historyOf(inputs, cluster, runner)).at(-1);
    if (last === undefined) {
      runner.log.notice(`There is no release ${release} in namespace ${namespace}: nothing to do.`);
      runner.output('status', 'uninstalled');
      await runner.summary(md`### Release ${code(release)} is not there: nothing to do`.text);
      return;
    }
    const own = await findOwn(cluster.api, { release, namespace, revision: last.revision });
    const stays = await whatStays(cluster.api, own, namespace);
    await remove(inputs, cluster, own, runner);
    await forgetRecord(inputs, cluster, runner);
    runner.output('status', 'uninstalled');
    await tell(inputs, stays, runner);
  } finally {
    await lease?.release();
  }
}

async function remove(inputs: Inputs, cluster: Cluster, own: Own, runner: Runner): Promise<void> {
  const { release } = inputs;
  const outcome = await runner.log.group(`Remove ${release}`, () =>
    goBack(undefined, planOf(inputs), cluster, runner.signal),
  );
  if (outcome.exitCode === 0) {
    if (runner.signal.aborted) {
      runner.log.warning(
        `${release} is removed; it was not awaited until all its objects are gone.`,
      );
    }
    runner.signal.throwIfAborted();
    return;
  }
  runner.output('status', 'failed');
  const left = await findLeft(cluster.api, own);
  if (left.length === 0) {
    throw new Failure({
      ...explainHelmError(outcome.startError ?? outcome.stderr),
      details: outcome.stderr,
    });
  }
  const [first, ...rest] = left;
  throw new Failure({
    what: `${release}: ${first?.object} is still there after ${inputs.timeoutMs / 1000} s.`,
    why: [first?.why, rest.length > 0 ? `Also: ${rest.map(({ object }) => object).join(', ')}` : '']
      .filter(Boolean)
      .join('. '),
    remedy: first?.remedy,
    details: [...left.map(({ object, why }) => `${object}: ${why}`), outcome.stderr].join('\n'),
  });
}

async function tell(
  { release, namespace }: Inputs,
  stays: readonly Kept[],
  runner: Runner,
): Promise<void> {
  for (const { object, why } of stays) runner.log.info(`It stays: ${oneLine(object)}: ${why}`);
  const rows = stays.map(({ object, why }) => [code(oneLine(object)), md`${why}`]);
  const report = blocks(
    md`### Release ${code(release)} was removed from ${code(namespace)}`,
    rows.length === 0 ? md`Nothing of it stays.` : table([md`What stays`, md`Why`], rows),
  );
  await runner.summary(report.text);
  runner.log.info(`${release} is removed.`);
}

function planOf({ release, namespace, timeoutMs }: Inputs) {
  return {
    ...{ release, namespace, timeoutMs },
    ...{ createNamespace: false, chart: '', valueFiles: [] },
  };
}
