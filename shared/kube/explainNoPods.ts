import type { Cause } from './diagnose.ts';
import { forControllersMs, forOthersMs, heals } from './Patience.ts';
import type { Workload } from './rollout.ts';
import type { Snapshot } from './Snapshot.ts';

/** What keeps a controller from making pods at all: a quota, a webhook, a missing account. */
export function explainNoPods(
  workload: Workload,
  snapshot: Snapshot,
): Omit<Cause, 'chain'> | undefined {
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
    reason: failure?.reason ?? 'FailedCreate',
    message,
    remedy: remedyFor(message),
    patienceMs: patienceFor(message, snapshot),
  };
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
  return /denied the request|is forbidden|is invalid/.test(message) ? 0 : heals;
}

function remedyFor(message: string): string {
  if (/exceeded quota/.test(message))
    return 'Raise the namespace’s quota, or ask for less in the chart’s resources.';
  const [, account] = /serviceaccounts? "([^"]+)" not found/.exec(message) ?? [];
  if (account !== undefined)
    return `Create the service account ${account}, or correct its name in the chart.`;
  return /denied the request|admission webhook|ValidatingAdmissionPolicy/.test(message)
    ? 'Change what the policy names in the chart’s pod template.'
    : 'Mend what the message names; the controller makes the pods then.';
}
