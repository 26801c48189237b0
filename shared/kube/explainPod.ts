import type { V1Pod } from '@kubernetes/client-node';
import { latestEvent } from './latestEvent.ts';
import { forOthersMs, heals } from './Patience.ts';
import { troubleOfClaim } from './readiness/claims.ts';
import type { Trouble } from './readiness/Workload.ts';
import type { Snapshot } from './Snapshot.ts';

/** Why a pod is not ready of which no container says anything; `undefined` when nothing is known. */
export function explainPod(pod: V1Pod, chain: string, snapshot: Snapshot): Trouble | undefined {
  const { conditions = [], phase, reason, message } = pod.status ?? {};
  const scheduled = conditions.find(({ type }) => type === 'PodScheduled');
  if (scheduled?.status === 'False') {
    return (
      claimOf(pod, chain, snapshot) ??
      explainScheduling(scheduled.reason ?? 'Unschedulable', scheduled.message ?? '')
    );
  }
  if (phase === 'Failed') {
    return {
      reason: reason ?? 'Failed',
      message: message ?? 'The pod has failed.',
      remedy: 'Look at the pod’s events and logs in the details.',
      patienceMs: heals,
    };
  }
  const gate = conditions.find(
    ({ type, status, reason: why }) =>
      type === 'Ready' && status === 'False' && why === 'ReadinessGatesNotReady',
  );
  if (gate !== undefined) {
    return {
      reason: 'ReadinessGatesNotReady',
      message: gate.message ?? 'a readiness gate is not open',
      remedy: 'Look at the controller that opens this readiness gate.',
      patienceMs: heals,
    };
  }
  const event = latestEvent(
    snapshot.events,
    pod.metadata?.uid,
    // The container that it speaks of is ready by now, or has said more.
    ({ reason: why }) => why !== 'Unhealthy' && why !== 'BackOff',
  );
  return event && explainEvent(event.reason ?? 'Warning', event.message ?? '');
}

/** A pod that waits for a volume: why its claim has none. */
function claimOf({ spec }: V1Pod, chain: string, snapshot: Snapshot): Trouble | undefined {
  const names = spec?.volumes?.map((volume) => volume.persistentVolumeClaim?.claimName) ?? [];
  for (const claim of snapshot.claims) {
    if (!names.includes(claim.metadata?.name)) continue;
    const trouble = troubleOfClaim(claim, snapshot);
    if (trouble === undefined) continue;
    return { ...trouble, chain: `${chain} → PersistentVolumeClaim/${claim.metadata?.name}` };
  }
  return undefined;
}

function explainScheduling(reason: string, message: string): Trouble {
  return {
    reason,
    message,
    remedy: remedyForScheduling(message),
    // Another node, or less load, may mend it; a claim that nobody makes does not come.
    patienceMs: /persistentvolumeclaim "[^"]*" not found/.test(message) ? forOthersMs : heals,
  };
}

/** The nodes that came furthest tell most: those that the pod does not even select tell least. */
const remedies: readonly (readonly [RegExp, string])[] = [
  [
    /persistentvolumeclaim/i,
    'Create the claim, or correct its name or storage class in the chart.',
  ],
  [/Insufficient \S/, 'Ask for less in the chart’s resources, or add nodes.'],
  [
    /free ports/,
    'Take hostPort out of the chart, or run one such pod a node (and replace it by `Recreate`).',
  ],
  [/volume node affinity/, 'Add a node in the zone of the volume.'],
  // The scheduler looks at taints first: it does not say whether the tainted ones are selected.
  [
    /untolerated taint[\s\S]*node affinity|node affinity[\s\S]*untolerated taint/,
    'Correct nodeSelector or affinity in the chart, or add a toleration for the taint of the nodes that are meant.',
  ],
  [/untolerated taint/, 'Add a toleration to the chart, or a node without that taint.'],
  [
    /node affinity|node selector/,
    'Correct nodeSelector or affinity in the chart, or label a node.',
  ],
  [
    /anti-affinity|topology spread/,
    'Relax podAntiAffinity or the spread in the chart, or add nodes.',
  ],
];

function remedyForScheduling(message: string): string {
  const [, remedy] = remedies.find(([pattern]) => pattern.test(message)) ?? [];
  return remedy ?? 'Compare what the pod asks for with what the nodes have.';
}

function explainEvent(reason: string, message: string): Trouble {
  const [, missing] =
    /((?:secret|configmap|persistentvolumeclaim) "[^"]*") not found/.exec(message) ?? [];
  const remedy =
    missing !== undefined
      ? `Create the ${missing}, or correct its name in the chart.`
      : reason === 'FailedMount'
        ? 'Mend the volume that the message names.'
        : reason === 'FailedCreatePodSandBox'
          ? 'Look at the node: its network or runtime fails.'
          : 'Mend what the event names.';
  const absent =
    missing !== undefined || /references non-existent (?:secret|config) key/.test(message);
  return {
    reason,
    message,
    remedy,
    patienceMs: reason === 'FailedMount' && absent ? forOthersMs : heals,
  };
}
