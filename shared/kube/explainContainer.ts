import type {
  CoreV1Event,
  V1ContainerStateTerminated,
  V1ContainerStatus,
  V1Pod,
} from '@kubernetes/client-node';
import { explainKill, explainUnready } from './explainProbe.ts';
import { explainPull } from './explainPull.ts';
import { forOthersMs, heals } from './Patience.ts';
import { restarts } from './restarts.ts';

export interface ContainerCause {
  readonly reason: string;
  readonly message: string;
  readonly remedy: string;
  /** How long it has to go on until waiting cannot mend it: 0, or {@link heals} for ever. */
  readonly patienceMs: number;
  /** The run that ended, when its program did by itself. */
  readonly crash?: Crash;
  /** Which of its runs has a log that tells more; absent when it never ran. */
  readonly ran?: 'now' | 'before';
}

/** One run that ended. */
export interface Crash {
  readonly run: string;
  readonly exitCode: number;
  /** Its log is whole, and known to be of this run: the next one has begun, or waits. */
  readonly whole: boolean;
}

/** Fewer restarts than these may be an accident: with the first run, it has ended three times. */
const tellingRestarts = 2;

/** A runtime that says that the program itself cannot be executed; paths of its own fail as well. */
const cannotExecute =
  /\bexec(?:: "| \/| user process)[\s\S]*(?:no such file|not found|exec format error|permission denied)|executable file .*not found|open executable: |chdir to cwd|exec format error|no command specified/i;

/**
 * Why a container is not ready; `undefined` when it is, or nothing speaks against it yet.
 *
 * What can heal by itself follows the rules that krane and nelm have found in practice.
 *
 * @param hasToEnd whether it is ready only when it has ended, as in a Job
 */
export function explainContainer(
  status: V1ContainerStatus,
  pod: V1Pod,
  events: readonly CoreV1Event[],
  hasToEnd = false,
): ContainerCause | undefined {
  const { waiting, terminated, running } = status.state ?? {};
  if (waiting !== undefined)
    return explainWaiting(status, waiting.reason ?? '', waiting.message ?? '', pod, events);
  // A program that is to go on may end well as often as it likes: it is restarted all the same.
  const again = status.restartCount > 0 && !hasToEnd;
  if (terminated !== undefined && (terminated.exitCode !== 0 || again)) {
    const hopeless = isHopeless(terminated) && status.restartCount > 0;
    const patienceMs = hopeless ? 0 : patienceForEnds(status);
    return (
      explainKill(status, terminated, 'now', pod, events, patienceMs) ??
      explainExit(status, terminated, 'now', patienceMs)
    );
  }
  if (running === undefined || (status.ready && !hasToEnd)) return undefined;
  const last = status.lastState?.terminated;
  if (last !== undefined && (last.exitCode !== 0 || !hasToEnd)) {
    const killed = explainKill(status, last, 'before', pod, events, heals);
    if (killed !== undefined) return killed;
    if (last.exitCode !== 0) return explainExit(status, last, 'before', heals);
  }
  if (hasToEnd) {
    return {
      reason: 'StillRunning',
      message: 'it has not ended yet',
      remedy: 'Look at what it waits for: its last log line tells, where it says so.',
      patienceMs: heals,
      ran: 'now',
    };
  }
  return explainUnready(status.name, pod, events);
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
      return explainPull(status.image, reason, message, pod, events);
    case 'ErrImageNeverPull':
      return {
        ...{ reason, message },
        remedy: 'Change imagePullPolicy in the chart, or bring the image to the nodes before.',
        patienceMs: 0,
      };
    case 'InvalidImageName':
      return { reason, message, remedy: 'Correct the image in the chart’s values.', patienceMs: 0 };
    case 'CreateContainerConfigError':
      return {
        reason,
        message,
        remedy: remedyForConfig(message),
        patienceMs: patienceForConfig(message),
      };
    case 'CreateContainerError':
    case 'RunContainerError':
    case 'StartError':
      return {
        reason,
        message,
        remedy: remedyForStart(message),
        // A runtime that is busy or restarts says the same; only a wrong command cannot heal.
        patienceMs: cannotExecute.test(message) ? 0 : heals,
      };
    case 'CrashLoopBackOff': {
      const last = status.lastState?.terminated;
      const patienceMs = patienceForEnds(status);
      if (last === undefined)
        return { reason, message, remedy: 'Look at its log.', patienceMs: heals, ran: 'before' };
      return (
        explainKill(status, last, 'before', pod, events, patienceMs) ??
        explainExit(status, last, 'before', isHopeless(last) ? 0 : patienceMs)
      );
    }
    default:
      return undefined;
  }
}

function explainExit(
  status: V1ContainerStatus,
  end: V1ContainerStateTerminated,
  ran: 'now' | 'before',
  patienceMs: number,
): ContainerCause {
  const run = end.containerID ?? String(end.finishedAt ?? status.restartCount);
  const crash = { crash: { run, exitCode: end.exitCode, whole: ran === 'before' } };
  if (end.reason === 'OOMKilled') {
    return {
      reason: 'OOMKilled',
      message: `it used more memory than its limit${restarts(status)}`,
      remedy: 'Raise resources.limits.memory in the chart, or make it use less.',
      patienceMs,
      ...crash,
      ran,
    };
  }
  if (end.reason === 'StartError' || end.reason === 'ContainerCannotRun') {
    const message = end.message ?? `it cannot be started (exit code ${end.exitCode})`;
    const never = cannotExecute.test(message);
    return {
      reason: end.reason,
      message,
      remedy: remedyForStart(message),
      patienceMs: never ? 0 : patienceMs,
      ...(never ? {} : crash),
    };
  }
  return {
    reason: status.restartCount > 0 ? 'CrashLoopBackOff' : 'Error',
    message: `it ended with exit code ${end.exitCode}${restarts(status)}`,
    remedy: remedyForExit(end.exitCode),
    patienceMs,
    ...crash,
    ran,
  };
}

function patienceForEnds({ restartCount }: V1ContainerStatus): number {
  return restartCount >= tellingRestarts ? forOthersMs : heals;
}

/** The same program with the same limits in the same image will end so again. */
function isHopeless({ reason, exitCode }: V1ContainerStateTerminated): boolean {
  return reason === 'OOMKilled' || exitCode === 126 || exitCode === 127;
}

/** The kubelet may not have seen what is new, and what is missing may still be made. */
function patienceForConfig(message: string): number {
  if (/failed to sync|not registered|not yet been read/.test(message)) return heals;
  const missing = /(?:secret|configmap) "[^"]*" not found|couldn't find key/.test(message);
  return missing ? forOthersMs : 0;
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
  if (exitCode === 0)
    return 'Let the program go on in the foreground, or make it a Job: it ends as if all were done.';
  if (exitCode === 126 || exitCode === 127)
    return 'Correct the command: it cannot be run or found.';
  if (exitCode === 137)
    return 'Something killed it: a failing liveness probe, or memory of the node.';
  return 'Mend what its last log lines say.';
}
