import type { CoreV1Event, V1ContainerStatus, V1Pod } from '@kubernetes/client-node';

export interface ContainerCause {
  readonly reason: string;
  readonly message: string;
  readonly remedy: string;
  readonly certain: boolean;
  /** Which of its runs has a log that tells more; absent when it never ran. */
  readonly ran?: 'now' | 'before';
}

/** A container that failed this often in the same way will fail again. */
const certainRestarts = 2;

/**
 * Why a container is not ready; `undefined` when it is, or nothing speaks against it yet.
 *
 * What can heal by itself follows the rules that krane and nelm have found in practice.
 */
export function explainContainer(
  status: V1ContainerStatus,
  pod: V1Pod,
  events: readonly CoreV1Event[],
): ContainerCause | undefined {
  const { waiting, terminated } = status.state ?? {};
  if (waiting !== undefined)
    return explainWaiting(status, waiting.reason ?? '', waiting.message ?? '', pod, events);
  if (terminated !== undefined && terminated.exitCode !== 0) {
    return explainExit(status, terminated, 'now', false);
  }
  if (status.ready || status.state?.running === undefined) return undefined;
  const probe = events
    .filter(
      ({ involvedObject, reason }) =>
        involvedObject.uid === pod.metadata?.uid && reason === 'Unhealthy',
    )
    .at(-1);
  const last = status.lastState?.terminated;
  if (last !== undefined && last.exitCode !== 0) return explainExit(status, last, 'before', false);
  if (probe === undefined) return undefined;
  return {
    reason: 'Unhealthy',
    message: probe.message ?? 'a probe fails',
    remedy: 'Correct the probe’s path, port or time, or what the container answers there.',
    certain: false,
    ran: 'now',
  };
}

function explainWaiting(
  status: V1ContainerStatus,
  reason: string,
  message: string,
  pod: V1Pod,
  events: readonly CoreV1Event[],
): ContainerCause | undefined {
  switch (reason) {
    case 'ErrImagePull':
    case 'ImagePullBackOff':
      return explainPull(status.image, reason, pullMessage(message, pod, events));
    case 'InvalidImageName':
    case 'ErrImageNeverPull':
      return { reason, message, remedy: 'Correct the image in the chart’s values.', certain: true };
    case 'CreateContainerConfigError':
      return {
        reason,
        message,
        remedy: remedyForConfig(message),
        // The kubelet may not have seen a new secret or config map yet.
        certain: !/failed to sync/.test(message),
      };
    case 'CreateContainerError':
    case 'RunContainerError':
    case 'StartError':
      return {
        reason,
        message,
        remedy: remedyForStart(message),
        // A runtime that is busy or restarts says the same; only a wrong command cannot heal.
        certain:
          /no such file|not found in \$PATH|exec format error|permission denied|no command specified/.test(
            message,
          ),
      };
    case 'CrashLoopBackOff': {
      const last = status.lastState?.terminated;
      const certain = status.restartCount >= certainRestarts;
      if (last !== undefined) return explainExit(status, last, 'before', certain);
      return { reason, message, remedy: 'Look at its log.', certain, ran: 'before' };
    }
    default:
      return undefined;
  }
}

function explainPull(image: string, reason: string, message: string): ContainerCause {
  if (/not found|manifest unknown|does not exist|NAME_UNKNOWN/i.test(message)) {
    return {
      reason,
      message: `${image} does not exist in the registry`,
      remedy: 'Correct the image in the values, or push it before the deploy.',
      certain: true,
    };
  }
  if (
    /401|403|unauthorized|denied|forbidden|authentication required|insufficient_scope/i.test(
      message,
    )
  ) {
    return {
      reason,
      message: `${image} may not be pulled: ${message}`,
      remedy:
        'Give the cluster the right to pull from this registry (its identity, or a pull secret).',
      certain: true,
    };
  }
  return {
    reason,
    message: `${image} cannot be pulled: ${message}`,
    remedy: 'Check that the nodes reach the registry.',
    certain: false,
  };
}

/** A pod in back-off says only that; the event before it has the registry's word. */
function pullMessage(message: string, pod: V1Pod, events: readonly CoreV1Event[]): string {
  if (/ErrImagePull: |failed to|rpc error/.test(message)) return message;
  const failed = events
    .filter(
      (event) =>
        event.involvedObject.uid === pod.metadata?.uid &&
        event.reason === 'Failed' &&
        event.message?.startsWith('Failed to pull image'),
    )
    .at(-1);
  return failed?.message ?? message;
}

function explainExit(
  status: V1ContainerStatus,
  end: { exitCode: number; reason?: string; signal?: number; message?: string },
  ran: 'now' | 'before',
  certain: boolean,
): ContainerCause {
  const restarts = status.restartCount === 0 ? '' : `, restarted ${status.restartCount} times`;
  if (end.reason === 'OOMKilled') {
    return {
      reason: 'OOMKilled',
      message: `it used more memory than its limit${restarts}`,
      remedy: 'Raise resources.limits.memory in the chart, or make it use less.',
      certain,
      ran,
    };
  }
  if (end.reason === 'StartError' || end.reason === 'ContainerCannotRun') {
    const message = end.message ?? `it cannot be started (exit code ${end.exitCode})`;
    return { reason: end.reason, message, remedy: remedyForStart(message), certain: true };
  }
  return {
    reason: status.restartCount > 0 ? 'CrashLoopBackOff' : 'Error',
    message: `it ended with exit code ${end.exitCode}${restarts}`,
    remedy: remedyForExit(end.exitCode),
    certain,
    ran,
  };
}

function remedyForConfig(message: string): string {
  const [, missing] = /((?:secret|configmap) "[^"]*") not found/.exec(message) ?? [];
  if (missing !== undefined) return `Create the ${missing}, or correct its name in the chart.`;
  const [, key, holder] = /couldn't find key (\S+) in (\S+ \S+)/.exec(message) ?? [];
  if (key !== undefined) return `Add the key ${key} to ${holder}.`;
  if (/runAsNonRoot/.test(message)) {
    return 'Set a numeric USER in the Dockerfile, or runAsUser in the chart.';
  }
  return 'Correct what the message names in the chart.';
}

function remedyForStart(message: string): string {
  if (/exec format error/.test(message))
    return 'Build the image for the architecture of the nodes.';
  if (/no such file|not found in \$PATH|executable file not found/.test(message)) {
    return 'Correct the command in the Dockerfile or the chart.';
  }
  if (/permission denied/.test(message))
    return 'Make the program executable for the user that runs it.';
  return 'Correct the command or the security context in the chart.';
}

function remedyForExit(exitCode: number): string {
  if (exitCode === 126 || exitCode === 127)
    return 'Correct the command: it cannot be run or found.';
  if (exitCode === 137)
    return 'Something killed it: a failing liveness probe, or memory of the node.';
  return 'Mend what its last log lines say.';
}
