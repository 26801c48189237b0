import type { CoreV1Event } from '@kubernetes/client-node';
import { eventTime } from './eventTime.ts';
import { latestEvent } from './latestEvent.ts';
import { forControllersMs, forOthersMs, heals } from './Patience.ts';
import type { Trouble, Workload } from './readiness/Workload.ts';
import type { Snapshot } from './Snapshot.ts';

/** What keeps a controller from making pods at all: a quota, a webhook, a missing account. */
export function explainNoPods(workload: Workload, snapshot: Snapshot): Trouble | undefined {
  const failure = workload.replicaSet?.status?.conditions?.find(
    ({ type, status }) => type === 'ReplicaFailure' && status === 'True',
  );
  const owner = workload.replicaSet?.metadata?.uid ?? workload.uid;
  const event = latestEvent(snapshot.events, owner, ({ reason }) => reason === 'FailedCreate');
  const message = failure?.message ?? (isShort(workload, event) ? event?.message : undefined);
  if (message === undefined) return undefined;
  return {
    reason: failure?.reason ?? 'FailedCreate',
    message,
    remedy: remedyFor(message),
    patienceMs: patienceFor(message, snapshot),
  };
}

/** Whether pods are missing since then: what was made later than the event has got over it. */
function isShort({ pods, desired }: Workload, event: CoreV1Event | undefined): boolean {
  if (pods.length === 0) return true;
  const newest = Math.max(
    ...pods.map((pod) => new Date(pod.metadata?.creationTimestamp ?? 0).getTime()),
  );
  return pods.length < desired && event !== undefined && eventTime(event) >= newest;
}

/** The controller tries again and again, so that only what stays as it is is in the way. */
function patienceFor(message: string, { pods }: Snapshot): number {
  // What each new namespace lacks for a moment.
  if (/error looking up service account|status unknown for quota/.test(message))
    return forControllersMs;
  if (/exceeded quota/.test(message)) {
    // Each pod that ends gives back what it had, and the controller's next try comes later still.
    return pods.some(({ metadata }) => metadata?.deletionTimestamp) ? heals : forOthersMs;
  }
  return /denied (?:the )?request|is forbidden|is invalid/.test(message) ? 0 : heals;
}

function remedyFor(message: string): string {
  if (/exceeded quota/.test(message))
    return 'Raise the namespace’s quota, or ask for less in the chart’s resources.';
  const [, account] = /serviceaccounts? "([^"]+)" not found/.exec(message) ?? [];
  if (account !== undefined)
    return `Create the service account ${account}, or correct its name in the chart.`;
  const [, priority] = /no PriorityClass with name (\S+) was found/.exec(message) ?? [];
  if (priority !== undefined)
    return `Create the priority class ${priority}, or correct its name in the chart.`;
  if (/failed quota: .*must specify/.test(message))
    return 'Set the resources that the namespace’s quota counts in the chart.';
  if (/(?:maximum|minimum) \S+ usage per|limit to request ratio/.test(message))
    return 'Keep the chart’s resources within the namespace’s limit range.';
  if (/violates PodSecurity/.test(message))
    return 'Set the security context that the namespace’s pod security asks for in the chart.';
  return /denied (?:the )?request|admission webhook|ValidatingAdmissionPolicy/.test(message)
    ? 'Change what the policy names in the chart’s pod template.'
    : 'Mend what the message names; the controller makes the pods then.';
}
