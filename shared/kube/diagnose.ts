import type { V1ContainerStatus, V1Pod } from '@kubernetes/client-node';
import { type Baseline, isUnchanged } from './baseline.ts';
import { type Crash, explainContainer } from './explainContainer.ts';
import { explainNoPods } from './explainNoPods.ts';
import { explainPod } from './explainPod.ts';
import { heals } from './Patience.ts';
import type { Workload } from './readiness/Workload.ts';
import { workloadsOf } from './rollout.ts';
import type { Snapshot } from './Snapshot.ts';

/** Why a workload is not ready. */
export interface Cause {
  /** From the workload down, such as `Deployment/web → pod web-1 → container app`. */
  readonly chain: string;
  /** The field's own word: `ImagePullBackOff`, `CrashLoopBackOff`, `Unschedulable`, … */
  readonly reason: string;
  /** What Kubernetes says, in one line. */
  readonly message: string;
  readonly remedy: string;
  /** How long it has to go on until waiting cannot mend it: 0, or {@link heals} for ever. */
  readonly patienceMs: number;
  /** The run that ended, when a program did by itself. */
  readonly crash?: Crash;
  /** Where logs of it are, when a container ran. */
  readonly container?: {
    readonly pod: string;
    readonly name: string;
    /** The log of the run before this one tells why it ended. */
    readonly previous: boolean;
  };
}

/** The share of a message that fits into an annotation. */
const longestMessage = 500;

/**
 * Finds why the workloads of a release are not ready, the most telling first: what can heal
 * the least before what may, what a container says before what only its pod or controller says.
 *
 * @param before the objects before the change. What is still as it was then may always heal: its
 * trouble is older than the change, which may be about to mend it. Hooks of then are left out.
 */
export function diagnose(
  snapshot: Snapshot,
  release: string,
  before: Baseline = new Map(),
): Cause[] {
  const causes = workloadsOf(snapshot, release)
    .filter((workload) => !workload.done && !isOld(workload, before))
    .flatMap((workload) => {
      const unchanged = isUnchanged(workload, before);
      return causesOf(workload, snapshot).map((cause) => ({
        ...cause,
        patienceMs: unchanged ? heals : patienceOf(cause, workload),
      }));
    });
  return causes.sort((a, b) => (a.patienceMs === b.patienceMs ? 0 : a.patienceMs - b.patienceMs));
}

/** A hook of an earlier change, or what runs no pods and was no more ready before. */
function isOld(workload: Workload, before: Baseline): boolean {
  const { uid, hook, pods, trouble } = workload;
  if (hook) return before.has(uid);
  const beside = pods.length === 0 && trouble !== undefined;
  return beside && isUnchanged(workload, before) && before.get(uid)?.done === false;
}

/** How often a program may fail in a Job is for the Job to say (`backoffLimit`). */
function patienceOf(cause: Cause, { kind, trouble, pods }: Workload): number {
  // Nobody makes another one.
  if (kind === 'Pod' && pods[0]?.status?.phase === 'Failed') return 0;
  if (kind !== 'Job' || cause.container === undefined) return cause.patienceMs;
  return trouble?.patienceMs ?? heals;
}

function causesOf(workload: Workload, snapshot: Snapshot): Cause[] {
  const chain = `${workload.kind}/${workload.name}`;
  const fromPods = workload.pods
    .filter(({ metadata }) => metadata?.deletionTimestamp === undefined)
    .flatMap((pod) => causesOfPod(pod, chainOf(pod, workload), snapshot, workload.kind === 'Job'));
  const { trouble } = workload;
  const own = [explainNoPods(workload, snapshot), trouble]
    .filter((cause) => cause !== undefined)
    .map(({ chain: below = chain, reason, message, remedy, patienceMs }) => ({
      ...{ chain: below, reason, message: oneLine(message), remedy, patienceMs },
    }));
  return trouble?.first ? [...own, ...fromPods] : [...fromPods, ...own];
}

function chainOf({ metadata }: V1Pod, { kind, name }: Workload): string {
  return kind === 'Pod' ? `Pod/${name}` : `${kind}/${name} → pod ${metadata?.name}`;
}

/** Why one pod is not ready, its containers before itself; none where nothing speaks against it. */
export function causesOfPod(pod: V1Pod, chain: string, snapshot: Snapshot, ends: boolean): Cause[] {
  const name = pod.metadata?.name ?? '';
  const { initContainerStatuses = [], containerStatuses = [] } = pod.status ?? {};
  const statuses: readonly (readonly [string, V1ContainerStatus, boolean])[] = [
    ...initContainerStatuses.map(
      (status) => ['init container', status, !isSidecar(pod, status.name)] as const,
    ),
    ...containerStatuses.map((status) => ['container', status, ends] as const),
  ];
  const fromContainers = statuses.flatMap(([word, status, hasToEnd]) => {
    const found = explainContainer(status, pod, snapshot.events, hasToEnd);
    if (found === undefined) return [];
    const { ran, ...cause } = found;
    return [
      {
        ...cause,
        message: oneLine(cause.message),
        chain: `${chain} → ${word} ${status.name}`,
        ...(ran !== undefined && {
          container: { pod: name, name: status.name, previous: ran === 'before' },
        }),
      },
    ];
  });
  if (fromContainers.length > 0) return fromContainers;
  const own = explainPod(pod, chain, snapshot);
  return own === undefined ? [] : [{ chain, ...own, message: oneLine(own.message) }];
}

function isSidecar({ spec }: V1Pod, name: string): boolean {
  return (
    spec?.initContainers?.find((container) => container.name === name)?.restartPolicy === 'Always'
  );
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim().slice(0, longestMessage);
}
