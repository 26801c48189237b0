import type { V1ContainerStatus, V1Pod } from '@kubernetes/client-node';
import type { Baseline } from './baseline.ts';
import { eventTime } from './eventTime.ts';
import { explainContainer } from './explainContainer.ts';
import { explainNoPods } from './explainNoPods.ts';
import { forOthersMs, heals } from './Patience.ts';
import { type Workload, workloadsOf } from './rollout.ts';
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
  readonly crash?: { readonly run: string; readonly exitCode: number };
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
 * @param before the workloads before the change. What is still as it was then may always heal: its
 * trouble is older than the change, which may be about to mend it. Hooks of then are left out.
 */
export function diagnose(
  snapshot: Snapshot,
  release: string,
  before: Baseline = new Map(),
): Cause[] {
  const causes = workloadsOf(snapshot, release)
    .filter(({ done, hook, uid }) => !done && !(hook && before.has(uid)))
    .flatMap((workload) => {
      const unchanged = before.get(workload.uid) === workload.generation;
      return causesOf(workload, snapshot).map((cause) => ({
        ...cause,
        patienceMs: unchanged || mayBeRetried(workload, cause) ? heals : cause.patienceMs,
      }));
    });
  return causes.sort((a, b) => (a.patienceMs === b.patienceMs ? 0 : a.patienceMs - b.patienceMs));
}

/** How often a program may fail in a Job is for the Job to say (`backoffLimit`). */
function mayBeRetried({ kind }: Workload, { container }: Cause): boolean {
  return kind === 'Job' && container !== undefined;
}

function causesOf(workload: Workload, snapshot: Snapshot): Cause[] {
  const chain = `${workload.kind}/${workload.name}`;
  const fromPods = workload.pods
    .filter(({ metadata }) => metadata?.deletionTimestamp === undefined)
    .flatMap((pod) => causesOfPod(pod, `${chain} → pod ${pod.metadata?.name}`, snapshot));
  const cause = explainNoPods(workload, snapshot);
  if (cause === undefined) return fromPods;
  return [...fromPods, { ...cause, chain, message: oneLine(cause.message) }];
}

function causesOfPod(pod: V1Pod, chain: string, snapshot: Snapshot): Cause[] {
  const name = pod.metadata?.name ?? '';
  const statuses: readonly (readonly [string, V1ContainerStatus])[] = [
    ...(pod.status?.initContainerStatuses ?? []).map(
      (status) => ['init container', status] as const,
    ),
    ...(pod.status?.containerStatuses ?? []).map((status) => ['container', status] as const),
  ];
  const fromContainers = statuses.flatMap(([word, status]) => {
    const found = explainContainer(status, pod, snapshot.events);
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

  const scheduled = pod.status?.conditions?.find(({ type }) => type === 'PodScheduled');
  if (scheduled?.status === 'False') {
    const message = oneLine(scheduled.message ?? '');
    return [
      {
        chain,
        reason: scheduled.reason ?? 'Unschedulable',
        message,
        remedy: remedyForScheduling(message),
        // Another node, or less load, may mend it; a claim that nobody makes does not come.
        patienceMs: /persistentvolumeclaim "[^"]*" not found/.test(message) ? forOthersMs : heals,
      },
    ];
  }
  if (pod.status?.phase === 'Failed') {
    return [
      {
        chain,
        reason: pod.status.reason ?? 'Failed',
        message: oneLine(pod.status.message ?? 'The pod has failed.'),
        remedy: 'Look at the pod’s events and logs in the details.',
        patienceMs: heals,
      },
    ];
  }
  const event = latestWarning(snapshot, pod.metadata?.uid);
  if (event === undefined) return [];
  return [
    {
      chain,
      reason: event.reason ?? 'Warning',
      message: oneLine(event.message ?? ''),
      remedy: remedyForEvent(event.reason ?? '', event.message ?? ''),
      patienceMs: heals,
    },
  ];
}

function remedyForScheduling(message: string): string {
  if (/Insufficient (cpu|memory)/.test(message)) {
    return 'Ask for less in the chart’s resources, or add nodes.';
  }
  if (/node affinity|node selector/.test(message)) {
    return 'Correct nodeSelector or affinity in the chart, or label a node.';
  }
  if (/taint/.test(message)) return 'Add a toleration to the chart, or a node without that taint.';
  if (/persistentvolumeclaim/i.test(message)) {
    return 'Create the claim, or correct its name or storage class in the chart.';
  }
  return 'Compare what the pod asks for with what the nodes have.';
}

function remedyForEvent(reason: string, message: string): string {
  if (reason === 'FailedMount') {
    const [, what] =
      /((?:secret|configmap|persistentvolumeclaim) "[^"]*") not found/.exec(message) ?? [];
    return what === undefined ? 'Mend the volume that the message names.' : `Create the ${what}.`;
  }
  if (reason === 'FailedCreatePodSandBox') return 'Look at the node: its network or runtime fails.';
  return 'Mend what the event names.';
}

function latestWarning(snapshot: Snapshot, uid: string | undefined) {
  return snapshot.events
    .filter(({ type, involvedObject }) => type === 'Warning' && involvedObject.uid === uid)
    .sort((a, b) => eventTime(a) - eventTime(b))
    .at(-1);
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim().slice(0, longestMessage);
}
