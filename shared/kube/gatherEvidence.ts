import type { CoreV1Event } from '@kubernetes/client-node';
import type { Baseline } from './baseline.ts';
import { awaited } from './baseline.ts';
import { type Change, changesOf } from './changesOf.ts';
import { claimHooks } from './claimHooks.ts';
import { containerLog, decisiveLine } from './containerLog.ts';
import type { CustomKind } from './customKinds.ts';
import { type Cause, diagnose } from './diagnose.ts';
import { eventTime } from './eventTime.ts';
import type { KubeApi } from './KubeApi.ts';
import { type OverJobs, withOver } from './overJobs.ts';
import type { Workload } from './readiness/Workload.ts';
import { remedyOfLine } from './remedyOfLine.ts';
import { workloadsOf } from './rollout.ts';
import type { Snapshot } from './Snapshot.ts';
import { takeSnapshot } from './takeSnapshot.ts';

/** A cause with what the program itself said. */
export interface KnownCause extends Cause {
  readonly decisiveLine?: string;
}

/** The last lines of one run of a container. */
export interface LastWords {
  readonly chain: string;
  readonly run: 'present' | 'previous';
  readonly lines: readonly string[];
}

/** Why a release is not ready, gathered while its pods are still there. All of it is untrusted. */
export interface Evidence {
  readonly workloads: readonly Workload[];
  /** What of them is still awaited. */
  readonly waiting: readonly Workload[];
  /** The most telling first. */
  readonly causes: readonly KnownCause[];
  /** The latest, oldest first. */
  readonly events: readonly CoreV1Event[];
  readonly logs: readonly LastWords[];
  /** What changed in the pods of what is not ready. */
  readonly changes: readonly Change[];
}

export interface Gathering {
  readonly namespace: string;
  readonly release: string;
  readonly before: Baseline;
  readonly hooks?: ReadonlySet<string>;
  readonly customs?: readonly CustomKind[];
  readonly over?: OverJobs;
  /** What ended the wait; by now its program may run once more. */
  readonly certain?: Cause | undefined;
}

/** More logs than these tell nothing new. */
const mostLogs = 5;
const mostEvents = 30;

/** Gathers why a release is not ready, before anything is undone. */
export async function gatherEvidence(api: KubeApi, gathering: Gathering): Promise<Evidence> {
  const { namespace, release, before, hooks, certain } = gathering;
  const { customs = [], over = new Map() } = gathering;
  const taken = withOver(await takeSnapshot(api, namespace, customs), over);
  const snapshot = claimHooks(taken, release, hooks);
  const causes = withFirst(certain, diagnose(snapshot, release, before));
  const workloads = workloadsOf(snapshot, release);
  const [logs, changes] = await Promise.all([
    Promise.all(causes.slice(0, mostLogs).map((cause) => lastWords(api, namespace, cause))),
    changesOf(
      api,
      namespace,
      workloads.filter(({ done }) => !done),
      snapshot,
    ),
  ]);
  return {
    ...{ workloads, changes },
    waiting: awaited(snapshot, release, before),
    causes: causes.map((cause, index) => withLine(cause, logs[index] ?? [])),
    events: eventsOf(snapshot, workloads),
    logs: logs.flat(),
  };
}

/** What ended the wait comes first, as it is now; when its program runs once more, as it was. */
function withFirst(certain: Cause | undefined, causes: readonly Cause[]): readonly Cause[] {
  if (certain === undefined) return causes;
  const { chain, reason, crash, container } = certain;
  const present = causes.find(
    (cause) =>
      cause.chain === chain && (crash ? cause.crash !== undefined : cause.reason === reason),
  );
  const past =
    crash && container ? { ...certain, container: { ...container, previous: true } } : certain;
  const first = present === undefined ? past : { ...present, patienceMs: certain.patienceMs };
  return [first, ...causes.filter((cause) => cause.chain !== chain)];
}

/** The run that tells why comes first; the present one of a program that has crashed may tell more. */
async function lastWords(
  api: KubeApi,
  namespace: string,
  { chain, container }: Cause,
): Promise<LastWords[]> {
  if (container === undefined) return [];
  const runs = container.previous ? (['previous', 'present'] as const) : (['present'] as const);
  const texts = await Promise.all(
    runs.map((run) => containerLog(api, namespace, { ...container, previous: run === 'previous' })),
  );
  return runs
    .map((run, index) => ({ chain, run, lines: (texts[index] ?? '').trimEnd().split('\n') }))
    .filter(
      ({ lines }, index, all) =>
        lines.join('') !== '' && (index === 0 || lines.join('\n') !== all[0]?.lines.join('\n')),
    );
}

function withLine(cause: Cause, [first]: readonly LastWords[]): KnownCause {
  const line = first && decisiveLine(first.lines.join('\n'));
  if (line === undefined) return cause;
  return { ...cause, decisiveLine: line, remedy: remedyOfLine(line) ?? cause.remedy };
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
