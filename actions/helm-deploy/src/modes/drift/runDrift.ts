import type { Runner } from '../../../../../shared/action/Runner.ts';
import { Failure } from '../../../../../shared/failure/Failure.ts';
import { readRelease } from '../../../../../shared/helm/readRelease.ts';
import { oneLine } from '../../../../../shared/log/oneLine.ts';
import { redact } from '../../../../../shared/process/redact.ts';
import { historyOf } from '../../historyOf.ts';
import type { Inputs } from '../../inputs.ts';
import { openCluster } from '../../openCluster.ts';
import { type Drift, verdictOf } from './Drift.ts';
import { driftReport } from './driftReport.ts';
import { findDrift } from './findDrift.ts';

/** Tells what of the release differs in the cluster from what was deployed. Nothing is written. */
export async function runDrift(inputs: Inputs, runner: Runner): Promise<void> {
  const { release, namespace } = inputs;
  const cluster = await openCluster(inputs, runner);
  const history = await historyOf(inputs, cluster, runner);
  const deployed = history.findLast(({ status }) => status === 'deployed');
  if (deployed === undefined) throw notDeployed(inputs, history.at(-1)?.status);
  const { revision } = deployed;
  const last = history.at(-1);
  if (last !== deployed) {
    runner.log.warning(
      `${release}: revision ${last?.revision} is ${last?.status}; revision ${revision}, which is the deployed one, is compared.`,
    );
  }
  runner.output('revision', String(revision));
  const { manifest } = await readRelease(cluster.api, { release, namespace, revision });
  const drift = { ...(await findDrift(manifest, inputs, cluster.api)), revision };
  runner.signal.throwIfAborted();
  tell(drift, runner);
  await runner.summary(redact(driftReport(drift, inputs).text, runner.secrets));
  conclude(drift, inputs, runner);
}

function tell({ drifted, unknown, excused }: Drift, runner: Runner): void {
  runner.output(
    'changed',
    JSON.stringify([...new Set(drifted.map(({ object }) => object))].sort()),
  );
  for (const { object, note, fields } of drifted) {
    runner.log.untrusted(`${object}${note === undefined ? '' : `: ${note}`}`);
    for (const { path } of fields) runner.log.untrusted(`  ${path}`);
  }
  for (const { object, note } of unknown) runner.log.untrusted(`Not compared: ${object}: ${note}`);
  for (const line of excused) runner.log.untrusted(`No drift: ${line}`);
}

function conclude(drift: Drift, { release, onDrift }: Inputs, runner: Runner): void {
  const verdict = verdictOf(drift);
  runner.output('verdict', verdict);
  if (verdict === 'pass') {
    runner.log.info(`Nothing of ${release} differs from revision ${drift.revision}.`);
    return;
  }
  const isDrift = verdict === 'violation';
  const found = isDrift ? drift.drifted : drift.unknown;
  const [first] = found;
  const rest = found.length - 1;
  const paths = (first?.fields ?? []).slice(0, 3).map(({ path }) => oneLine(path));
  const what = [first?.note, paths.join(', ')].filter(Boolean).join(' ');
  const failure = new Failure({
    what: isDrift
      ? `${oneLine(first?.object ?? '')} differs from revision ${drift.revision} of ${release}: ${what}.`
      : `${oneLine(first?.object ?? '')} of ${release} could not be compared: ${what}`,
    why: rest === 0 ? undefined : `So ${rest === 1 ? 'is 1 object' : `are ${rest} objects`} more`,
    remedy: isDrift
      ? 'Deploy again to undo it, or write it into the chart and deploy that.'
      : 'Give the kubeconfig’s user the right to get and patch it, or mend what does not answer.',
  });
  if (isDrift && onDrift === 'warn') runner.log.warning(failure.message);
  else throw failure;
}

function notDeployed({ release, namespace }: Inputs, status: string | undefined): Failure {
  return new Failure({
    what: `Release ${release} in namespace ${namespace} has no deployed revision to compare with.`,
    why: status === undefined ? 'There is no such release' : `Its last revision is ${status}`,
    remedy: 'Correct `release` or `namespace`, or deploy it.',
  });
}
