import type { CoreV1Event, V1Pod } from '@kubernetes/client-node';
import { withoutAddresses } from '../text/withoutAddresses.ts';
import type { ContainerCause } from './explainContainer.ts';
import { heals } from './Patience.ts';

/** The network and the node itself: what they cannot do now they may do on the kubelet's next try. */
const passing =
  /timeout|timed out|deadline exceeded|connection (?:reset|refused|lost|closed)|no such host|server misbehaving|temporary failure|unreachable|no route to host|\bEOF\b|broken pipe|too ?many ?requests|\b429\b|\b50[0-4]\b|snapshot|content digest|failed to extract|no space left|unexpected media type/i;

const denied =
  /\b40[13]\b|\bunauthorized\b|(?<!permission )\bdenied\b|\bforbidden\b|authentication required|insufficient_scope|authorization failed/i;

const absent =
  /\bnot found\b|\b404\b|manifest unknown|MANIFEST_UNKNOWN|NAME_UNKNOWN|does not exist/i;

/**
 * Why an image cannot be pulled. Only what the registry itself has decided cannot heal; a message
 * that speaks of the network as well is of the network.
 */
export function explainPull(
  image: string,
  reason: string,
  waiting: string,
  pod: V1Pod,
  events: readonly CoreV1Event[],
): ContainerCause {
  const message = pullMessage(waiting, pod, events);
  const words = withoutAddresses(message, image);
  if (!passing.test(words) && denied.test(words)) {
    return {
      reason,
      message: `${image} may not be pulled: ${message}`,
      remedy:
        'Give the cluster the right to pull from this registry (its identity, or a pull secret).',
      patienceMs: 0,
    };
  }
  if (!passing.test(words) && absent.test(words)) {
    return {
      reason,
      message: `${image} does not exist in the registry`,
      remedy: 'Correct the image in the values, or push it before the deploy.',
      patienceMs: 0,
    };
  }
  return {
    reason,
    message: `${image} cannot be pulled: ${message}`,
    remedy: 'Check that the nodes reach the registry.',
    patienceMs: heals,
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
