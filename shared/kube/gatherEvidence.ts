import type { CoreV1Event } from '@kubernetes/client-node';
import type { Baseline } from './baseline.ts';
import { containerLog, decisiveLine } from './containerLog.ts';
import { type Cause, diagnose } from './diagnose.ts';
import { eventTime } from './eventTime.ts';
import type { KubeApi } from './KubeApi.ts';
import { type Workload, workloadsOf } from './rollout.ts';
import type { Snapshot } from './Snapshot.ts';
import { takeSnapshot } from './takeSnapshot.ts';

export interface Evidence {
  readonly workloads: readonly Workload[];
  /** The most telling first. */
  readonly causes: readonly (Cause & { readonly decisiveLine?: string })[];
  /** Everything of it for people: causes, events, last log lines. Untrusted. */
  readonly text: string;
}

/** More logs than these tell nothing new. */
const mostLogs = 3;
const mostEvents = 30;

/**
 * Gathers why a release is not ready, while its pods are still there.
 */
export async function gatherEvidence(
  api: KubeApi,
  namespace: string,
  release: string,
  before: Baseline,
): Promise<Evidence> {
  const snapshot = await takeSnapshot(api, namespace);
  const causes = diagnose(snapshot, release, before);
  const withLogs = await Promise.all(
    causes.slice(0, mostLogs).map(async (cause) => {
      const log =
        cause.container === undefined ? '' : await containerLog(api, namespace, cause.container);
      return { cause, log };
    }),
  );
  const workloads = workloadsOf(snapshot, release);
  return {
    workloads,
    causes: causes.map((cause) => {
      const log = withLogs.find((candidate) => candidate.cause === cause)?.log ?? '';
      const line = decisiveLine(log);
      return line === undefined ? cause : { ...cause, decisiveLine: line };
    }),
    text: [
      ...causes.map(({ chain, reason, message }) => `${chain}: ${reason}: ${message}`),
      ...section('Events', eventsOf(snapshot, workloads).map(eventLine)),
      ...withLogs.flatMap(({ cause, log }) =>
        log === '' ? [] : section(`Last log lines of ${cause.chain}`, log.trimEnd().split('\n')),
      ),
    ].join('\n'),
  };
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', `${title}:`, ...lines.map((line) => `  ${line}`)];
}

/** Events of the workloads, of what they made, and of its pods; the latest ones. */
function eventsOf(snapshot: Snapshot, workloads: readonly Workload[]): CoreV1Event[] {
  const uids = new Set(
    workloads.flatMap(({ uid, replicaSet, pods }) => [
      uid,
      replicaSet?.metadata?.uid,
      ...pods.map(({ metadata }) => metadata?.uid),
    ]),
  );
  return snapshot.events
    .filter(({ involvedObject }) => uids.has(involvedObject.uid))
    .sort((a, b) => eventTime(a) - eventTime(b))
    .slice(-mostEvents);
}

function eventLine({ type, reason, involvedObject, message, count }: CoreV1Event): string {
  const times = count !== undefined && count > 1 ? ` (${count} times)` : '';
  return `${type} ${reason} ${involvedObject.kind}/${involvedObject.name}: ${message ?? ''}${times}`;
}
