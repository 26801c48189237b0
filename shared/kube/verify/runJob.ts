import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { V1Job, V1Pod } from '@kubernetes/client-node';
import { Failure } from '../../failure/Failure.ts';
import { oneLine } from '../../log/oneLine.ts';
import type { Problem, Seen } from '../../verify/Check.ts';
import { containerLog, decisiveLine } from '../containerLog.ts';
import { causesOfPod } from '../diagnose.ts';
import { type KubeApi, type KubeList, KubeProblem } from '../KubeApi.ts';
import { emptySnapshot } from '../Snapshot.ts';
import { type CheckJob, ownJob } from './CheckJob.ts';

export interface JobRun {
  readonly namespace: string;
  readonly release: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

const pauseMs = 500;
/** Of the 2.5 s that a step has after SIGTERM. */
const removalMs = 1500;

/**
 * Runs a Job to its end. It is removed with its pods, whatever becomes of it: also when `signal` aborts.
 */
export async function runJob(api: KubeApi, job: CheckJob, run: JobRun): Promise<Seen> {
  const { namespace, signal } = run;
  const suffix = `verify-${randomBytes(3).toString('hex')}`;
  const { name, object } = ownJob(job, { ...run, suffix });
  const path = `/apis/batch/v1/namespaces/${namespace}/jobs`;
  if (signal.aborted) return { note: 'not begun' };
  try {
    await api.create(path, object);
    return await follow(api, name, `${path}/${name}`, run);
  } catch (error) {
    if (!(error instanceof KubeProblem || error instanceof Failure)) throw error;
    return { problem: notRun(name, error) };
  } finally {
    await remove(api, `${path}/${name}`);
  }
}

async function follow(api: KubeApi, name: string, path: string, run: JobRun): Promise<Seen> {
  const { namespace, timeoutMs, signal } = run;
  const untilMs = performance.now() + timeoutMs;
  while (!signal.aborted) {
    const { status } = await api.get<V1Job>(path);
    const ended = status?.conditions?.find(
      (one) => /^(?:Complete|Failed)$/.test(one.type) && one.status === 'True',
    );
    if (ended?.type === 'Complete') return { note: 'succeeded' };
    const pods = await podsOf(api, namespace, name);
    const chain = (pod: V1Pod) => `Job/${name} → pod ${pod.metadata?.name}`;
    const causes = pods.flatMap((pod) =>
      causesOfPod(pod, chain(pod), { ...emptySnapshot, pods }, true),
    );
    const hopeless = causes.find(
      ({ patienceMs, crash }) => patienceMs === 0 && crash === undefined,
    );
    const isLate = performance.now() > untilMs;
    if (ended !== undefined || hopeless !== undefined || isLate) {
      const [cause = undefined] = hopeless === undefined ? causes : [hopeless];
      const reason = cause ? `${cause.reason}: ${cause.message}` : ended?.message;
      const logs = await logsOf(api, namespace, pods.at(-1));
      const line = decisiveLine(logs);
      return {
        problem: {
          kind: 'violation',
          what: `${cause?.chain ?? `Job/${name}`}: ${reason ?? `it has not ended within ${timeoutMs / 1000} s`}`,
          why: line === undefined ? undefined : `Its log says: ${oneLine(line, 500)}`,
          remedy: 'Look at what the Job expects, and at the release that it checks.',
          details: logs === '' ? undefined : `Last log lines of Job/${name}:\n${logs}`,
        },
      };
    }
    await sleep(pauseMs, undefined, { signal }).catch(() => {});
  }
  return { note: 'stopped' };
}

async function podsOf(api: KubeApi, namespace: string, name: string): Promise<readonly V1Pod[]> {
  const query = new URLSearchParams({ labelSelector: `batch.kubernetes.io/job-name=${name}` });
  const { items } = await api.get<KubeList>(`/api/v1/namespaces/${namespace}/pods?${query}`);
  return items as readonly V1Pod[];
}

async function logsOf(api: KubeApi, namespace: string, pod: V1Pod | undefined): Promise<string> {
  const [container] = pod?.spec?.containers ?? [];
  if (pod?.metadata?.name === undefined || container === undefined) return '';
  return containerLog(api, namespace, {
    ...{ pod: pod.metadata.name, name: container.name, previous: false },
  });
}

function notRun(name: string, error: KubeProblem | Failure): Problem {
  const isPolicy = error instanceof KubeProblem && error.code !== 403;
  return {
    kind: isPolicy ? 'violation' : 'unjudged',
    what: `Job/${name} could not be run`,
    why: error.message,
    remedy: 'Correct its manifest, or grant `create`, `get` and `delete` on jobs in the namespace.',
  };
}

async function remove(api: KubeApi, path: string): Promise<void> {
  await api
    .remove(`${path}?propagationPolicy=Background`, { deadlineMs: removalMs })
    // It was not made; or the cluster removes it soon.
    .catch(() => {});
}
