import type { Runner } from '../../../../shared/action/Runner.ts';
import { httpClient } from '../../../../shared/http/request.ts';
import type { Snapshot } from '../../../../shared/kube/Snapshot.ts';
import { checkHttp } from '../../../../shared/kube/verify/checkHttp.ts';
import { countRestarts, restartsOf } from '../../../../shared/kube/verify/countRestarts.ts';
import { nameOfHttp } from '../../../../shared/kube/verify/HttpCheck.ts';
import { LogRate } from '../../../../shared/kube/verify/LogRate.ts';
import { readLogs } from '../../../../shared/kube/verify/readLogs.ts';
import { runJob } from '../../../../shared/kube/verify/runJob.ts';
import { oneLine } from '../../../../shared/log/oneLine.ts';
import { judgeSamples } from '../../../../shared/prometheus/judgeSamples.ts';
import { queryPrometheus } from '../../../../shared/prometheus/queryPrometheus.ts';
import type { Check } from '../../../../shared/verify/Check.ts';
import { lookAgain } from '../../../../shared/verify/lookAgain.ts';
import type { Cluster } from '../openCluster.ts';
import { runChartTests } from './runChartTests.ts';
import type { Verification, Wanted } from './Verification.ts';

/** The release that is checked. */
export interface Checked {
  readonly release: string;
  readonly namespace: string;
  readonly revision: number;
  /** As it was when the soak began. */
  readonly start: Snapshot;
  /** As it is now. */
  readonly present: () => Snapshot;
}

const restartsEveryMs = 500;
const logsEveryMs = 5000;
const longestName = 80;

/** What `verify` wants, ready to be looked at. */
export function makeChecks(
  { wanted, prometheusToken }: Verification,
  checked: Checked,
  cluster: Cluster,
  runner: Runner,
): readonly Check[] {
  const { api } = cluster;
  const { namespace, release } = checked;
  const ask = httpClient({ env: runner.env, log: runner.log });
  const make = (one: Wanted): Check => {
    switch (one.kind) {
      case 'http':
        return {
          name: nameOfHttp(one),
          run: (soak) => lookAgain((signal) => checkHttp(api, namespace, one, signal), one, soak),
        };
      case 'promql': {
        const { address, query, timeoutMs } = one;
        const name = `promql ${oneLine(query, longestName)}`;
        const look = async (signal: AbortSignal) => {
          const asked = { address, query, timeoutMs, signal, token: prometheusToken };
          const read = await queryPrometheus(ask, asked);
          return 'kind' in read ? { problem: read } : judgeSamples(name, read, one);
        };
        return { name, run: (soak) => lookAgain(look, one, soak) };
      }
      case 'logs':
        return { name: `logs ${one.matches.source}`, run: watchLogs(one, checked, cluster) };
      case 'restarts': {
        const before = restartsOf(checked.start, release);
        const look = async () => countRestarts(checked.present(), release, before, one.most);
        const looking = { everyMs: restartsEveryMs, failures: 1 };
        return { name: 'restarts', run: (soak) => lookAgain(look, looking, soak) };
      }
      case 'helm-tests':
        return {
          name: 'helm-tests',
          run: ({ signal }) =>
            runChartTests(checked, cluster, runner, { timeoutMs: one.timeoutMs, signal }),
        };
      case 'job': {
        const { job, timeoutMs } = one;
        return {
          name: `job ${job.metadata?.name ?? release}`,
          run: ({ signal }) => runJob(api, job, { namespace, release, timeoutMs, signal }),
        };
      }
    }
  };
  return wanted.map(make);
}

function watchLogs(
  one: Extract<Wanted, { kind: 'logs' }>,
  { namespace, release, present }: Checked,
  { api }: Cluster,
): Check['run'] {
  return (soak) => {
    const rate = new LogRate(one);
    const sinceMs = performance.now();
    const where = { namespace, release, container: one.container, sinceMs };
    const look = async () => {
      const problem = await readLogs(api, present(), where, rate);
      return problem === undefined ? rate.judge() : { problem };
    };
    return lookAgain(look, { everyMs: logsEveryMs, failures: 1 }, soak);
  };
}
