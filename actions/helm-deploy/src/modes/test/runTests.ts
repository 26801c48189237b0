import type { Runner } from '../../../../../shared/action/Runner.ts';
import { Failure } from '../../../../../shared/failure/Failure.ts';
import { type ReleaseRecord, readRelease } from '../../../../../shared/helm/readRelease.ts';
import { followTests } from '../../../../../shared/kube/followTests.ts';
import { redact } from '../../../../../shared/process/redact.ts';
import { count } from '../../../../../shared/text/count.ts';
import { historyOf } from '../../historyOf.ts';
import { holdRelease } from '../../holdRelease.ts';
import type { Inputs } from '../../inputs.ts';
import { type Cluster, openCluster } from '../../openCluster.ts';
import { explainTests } from './explainTests.ts';
import { testReport } from './testReport.ts';
import { testsOf } from './testsOf.ts';

/** Runs the tests that a chart has, and shows what their programs said. */
export async function runTests(inputs: Inputs, runner: Runner): Promise<void> {
  const { release, namespace } = inputs;
  const cluster = await openCluster(inputs, runner);
  const tests = testsOf(await readDeployed(inputs, cluster, runner));
  if (tests.length === 0) {
    runner.output('verdict', 'incomplete');
    throw new Failure({
      what: `Release ${release} has no tests.`,
      remedy:
        'Give its chart a pod or job with the annotation `helm.sh/hook: test`, or take this step out.',
    });
  }
  const lease = await holdRelease(cluster.api, planOf(inputs), runner);
  try {
    const followed = await followTests(cluster.api, namespace, tests, runner);
    const outcome = await cluster.helm.test(
      release,
      namespace,
      inputs.timeoutMs,
      AbortSignal.any([runner.signal, followed.hopeless]),
    );
    const passed = outcome.exitCode === 0;
    const pods = await followed.end(passed);
    runner.signal.throwIfAborted();
    runner.output('verdict', passed ? 'pass' : 'violation');
    const report = testReport(release, passed, pods);
    await runner.summary(redact(report.text, runner.secrets));
    if (passed) {
      runner.log.info(`${release}: ${count(tests.length, 'test')} passed.`);
      return;
    }
    throw explainTests(pods, outcome);
  } finally {
    await lease?.release();
  }
}

async function readDeployed(
  inputs: Inputs,
  cluster: Cluster,
  runner: Runner,
): Promise<ReleaseRecord> {
  const { release, namespace } = inputs;
  const last = (await historyOf(inputs, cluster, runner)).at(-1);
  if (last !== undefined && !/^(?:uninstall|pending)/.test(last.status)) {
    return readRelease(cluster.api, { release, namespace, revision: last.revision });
  }
  runner.output('verdict', 'incomplete');
  throw new Failure({
    what: `There is no release ${release} in namespace ${namespace} to test.`,
    why: last === undefined ? undefined : `Its last revision is ${last.status}`,
    remedy: 'Deploy it first, or correct `release` or `namespace`.',
  });
}

function planOf({ release, namespace, timeoutMs }: Inputs) {
  return {
    ...{ release, namespace, timeoutMs },
    ...{ createNamespace: false, chart: '', valueFiles: [] },
  };
}
