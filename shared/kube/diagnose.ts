import type { V1ContainerStatus, V1Pod } from '@kubernetes/client-node';
import type { Baseline } from './baseline.ts';
import { eventTime } from './eventTime.ts';
import { explainContainer } from './explainContainer.ts';
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
  /** Whether it cannot heal by waiting. */
  readonly certain: boolean;
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
 * Finds why the workloads of a release are not ready, the most telling first: what cannot heal
 * before what may, what a container says before what only its pod or controller says.
 *
 * @param before the workloads before the change. What is still as it was then is never certain: its
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
        certain: cause.certain && !unchanged && !mayBeRetried(workload, cause),
      }));
    });
  return causes.sort((a, b) => Number(b.certain) - Number(a.certain));
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
  const cause = causeOfController(workload, chain, snapshot);
  return [...fromPods, ...(cause === undefined ? [] : [cause])];
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
        // Another node, or less load, may mend it; a claim that does not exist may not.
        certain: /persistentvolumeclaim "[^"]*" not found/.test(message),
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
        certain: false,
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
      certain: false,
    },
  ];
}

/** What keeps a controller from making pods at all: a quota, a webhook, a missing account. */
function causeOfController(
  workload: Workload,
  chain: string,
  snapshot: Snapshot,
): Cause | undefined {
  const failure = workload.replicaSet?.status?.conditions?.find(
    ({ type, status }) => type === 'ReplicaFailure' && status === 'True',
  );
  const owner = workload.replicaSet?.metadata?.uid ?? workload.uid;
  const event = snapshot.events
    .filter(
      ({ involvedObject, reason }) => involvedObject.uid === owner && reason === 'FailedCreate',
    )
    .at(-1);
  const message = failure?.message ?? (workload.pods.length === 0 ? event?.message : undefined);
  if (message === undefined) return undefined;
  return {
    chain,
    reason: failure?.reason ?? 'FailedCreate',
    message: oneLine(message),
    remedy: /exceeded quota/.test(message)
      ? 'Raise the namespace’s quota, or ask for less in the chart’s resources.'
      : /denied the request|admission webhook|ValidatingAdmissionPolicy/.test(message)
        ? 'Change what the policy names in the chart’s pod template.'
        : 'Mend what the message names; the controller makes the pods then.',
    certain: /exceeded quota|denied the request|is forbidden|is invalid/.test(message),
  };
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
