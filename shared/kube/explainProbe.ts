import type {
  CoreV1Event,
  V1ContainerStateTerminated,
  V1ContainerStatus,
  V1Pod,
} from '@kubernetes/client-node';
import { eventTime } from './eventTime.ts';
import type { ContainerCause } from './explainContainer.ts';
import { latestEvent } from './latestEvent.ts';
import { heals } from './Patience.ts';
import { restarts } from './restarts.ts';

/** A container that runs and is not ready: what its probe said last. */
export function explainUnready(
  name: string,
  pod: V1Pod,
  events: readonly CoreV1Event[],
): ContainerCause | undefined {
  const probe = latestEvent(events, pod.metadata?.uid, isProbe(name));
  return probe && explainProbe(probe.message ?? 'a probe fails', heals, 'now');
}

/** The kubelet names the container in the event's field: `spec.containers{web}`. */
function isProbe(name: string, kind = '') {
  return ({ reason, message, involvedObject: { fieldPath } }: CoreV1Event) =>
    reason === 'Unhealthy' &&
    (fieldPath === undefined || fieldPath.includes(`{${name}}`)) &&
    (message ?? '').startsWith(kind);
}

const tooEarly =
  'Give it a startupProbe where it needs longer to start than its liveness probe allows, or correct that one’s path, port or time.';

function hasStartupProbe({ spec }: V1Pod, { name }: V1ContainerStatus): boolean {
  return spec?.containers.some((one) => one.name === name && one.startupProbe) ?? false;
}

function explainProbe(message: string, patienceMs: number, ran: 'now' | 'before'): ContainerCause {
  return {
    reason: 'Unhealthy',
    message,
    remedy: 'Correct the probe’s path, port or time, or what the container answers there.',
    ...{ patienceMs, ran },
  };
}

/** A program that the kubelet has ended for its probe ends with whatever code: the probe tells. */
export function explainKill(
  status: V1ContainerStatus,
  end: V1ContainerStateTerminated,
  ran: 'now' | 'before',
  pod: V1Pod,
  events: readonly CoreV1Event[],
  patienceMs: number,
): ContainerCause | undefined {
  const killing = events.findLast(
    ({ reason, message, involvedObject: { uid, fieldPath } }) =>
      reason === 'Killing' &&
      uid === pod.metadata?.uid &&
      fieldPath?.includes(`{${status.name}}`) &&
      /failed (?:liveness|startup) probe/.test(message ?? ''),
  );
  if (killing === undefined || end.reason === 'OOMKilled') return undefined;
  // Its own ends are told apart from those: a kill is at most the grace period older.
  const graceMs = ((pod.spec?.terminationGracePeriodSeconds ?? 30) + 2) * 1000;
  const ended = new Date(end.finishedAt ?? 0).getTime();
  if (Math.abs(ended - eventTime(killing)) > graceMs) return undefined;
  const kind = /failed startup/.test(killing.message ?? '') ? 'Startup' : 'Liveness';
  const probe = latestEvent(events, pod.metadata?.uid, isProbe(status.name, kind));
  const run = end.containerID ?? String(end.finishedAt ?? status.restartCount);
  return {
    ...explainProbe(
      `${(probe?.message ?? `${kind} probe failed`).trim()}; it was killed for that${restarts(status)}`,
      patienceMs,
      ran,
    ),
    ...(kind === 'Liveness' && !hasStartupProbe(pod, status) && { remedy: tooEarly }),
    crash: { run, exitCode: end.exitCode, whole: ran === 'before' },
  };
}
